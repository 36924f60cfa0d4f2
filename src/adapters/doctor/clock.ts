import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { Check, Examined, Found } from './check.ts';

const LIMIT_MS = 5 * 60_000;

export interface OtherClock {
  readonly whose: string;
  /** Milliseconds by which it is ahead of this machine's. */
  readonly aheadMs: number;
}

export function clockFound(clocks: readonly OtherClock[]): Found {
  const [first] = clocks;
  if (!first) return { status: 'ok', evidence: t('Nobody answered whose clock it could be compared with') };
  const off = clocks.find(({ aheadMs }) => Math.abs(aheadMs) > LIMIT_MS);
  if (!off) return { status: 'ok', evidence: t('Within {0} minutes of {1}', LIMIT_MS / 60_000, first.whose) };
  const minutes = Math.round(Math.abs(off.aheadMs) / 60_000);
  return {
    status: 'warning',
    evidence:
      off.aheadMs > 0
        ? t('This machine is {0} minutes behind {1}', minutes, off.whose)
        : t('This machine is {0} minutes ahead of {1}', minutes, off.whose),
    fix: t('Set the clock, or let the system do it: certificates and the times of messages depend on it.'),
  };
}

async function clocksOf({ network, docker }: Examined): Promise<readonly OtherClock[]> {
  const engine =
    docker && !isUserError(docker)
      ? [{ whose: docker.engine.name, aheadMs: Date.parse(docker.facts.systemTime) - docker.askedAt }]
      : [];
  const probes = await network();
  const mirrors = probes.flatMap((one) =>
    one.answered && one.aheadMs !== undefined ? [{ whose: one.target.url.host, aheadMs: one.aheadMs }] : [],
  );
  return [...mirrors, ...engine];
}

export const clockCheck = (): Check => ({
  id: 'clock',
  title: t('Clock'),
  look: async (examined) => [clockFound(await clocksOf(examined))],
});
