/** Windows keeps ranges of ports for Hyper-V and the like: nobody listens there, and nobody may. */
import { t } from '../../core/l10n.ts';
import { run } from '../process.ts';
import type { Check, Found } from './check.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** From the table that `netsh` prints; its words are in the person's language, its numbers are not. */
export function excludedRanges(output: string): readonly PortRange[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, first, last] = /^\s*(\d+)\s+(\d+)(?:\s+\*)?\s*$/.exec(line) ?? [];
    return first === undefined ? [] : [{ first: Number(first), last: Number(last) }];
  });
}

export function reservedFound(
  pinned: Readonly<Record<string, number>>,
  ranges: readonly PortRange[],
): readonly Found[] {
  const hit = Object.entries(pinned).flatMap(([name, port]): readonly Found[] => {
    const range = ranges.find(({ first, last }) => first <= port && port <= last);
    if (!range) return [];
    return [
      {
        status: 'problem',
        evidence: t(
          'Port {0}, set for {1}, lies in a range that Windows reserves ({2} to {3}).',
          port,
          name,
          range.first,
          range.last,
        ),
        fix: t(
          'Set another port, or as administrator: net stop winnat, netsh int ipv4 add excludedportrange protocol=tcp startport={0} numberofports=1, net start winnat.',
          port,
        ),
        mend: { kind: 'setting', name: 'ports', label: t('Set another port') },
      },
    ];
  });
  if (hit.length > 0) return hit;
  return [
    {
      status: 'ok',
      evidence: t('Windows reserves {0} ranges; no port that is set lies in one', ranges.length),
    },
  ];
}

export const windowsPortsCheck = (): Check => ({
  id: 'reserved-ports',
  title: t('Ports that Windows reserves'),
  look: async ({ settings }) => {
    if (process.platform !== 'win32') return [];
    const args = ['interface', 'ipv4', 'show', 'excludedportrange', 'protocol=tcp'];
    const { code, stdout, tail } = await run({ command: 'netsh', args }, { timeoutMs: 10_000 });
    if (code !== 0) throw new Error(tail.join(' '));
    return reservedFound(settings.pinnedPorts, excludedRanges(stdout));
  },
});
