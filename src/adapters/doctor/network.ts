/** Whether the mirrors and proxies answer that a start would fetch from; asked once for four checks. */
import { rootCertificates } from 'node:tls';
import type { Finding } from '../../core/doctor.ts';
import { t } from '../../core/l10n.ts';
import { systemPem } from '../embedded/trust.ts';
import type { Check, Found } from './check.ts';
import { probe, type Probed, type Target } from './probe.ts';
import { shown } from '../proxies.ts';

/** For all addresses together, side by side. */
const LIMIT_MS = 4000;

export async function lookAtNetwork(
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<readonly Probed[]> {
  if (targets.length === 0) return [];
  const own =
    (await systemPem()).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const either = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const authorities = [...rootCertificates, ...own];
  const probes = await Promise.all(targets.map((target) => probe(target, authorities, either)));
  signal.throwIfAborted();
  return probes;
}

export function reasonText(reason: string): string {
  switch (reason) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return t('its name is not known here');
    case 'ECONNREFUSED':
      return t('nothing listens there');
    case 'ETIMEDOUT':
      return t('no answer within {0} s', LIMIT_MS / 1000);
    case 'ECONNRESET':
    case 'EPIPE':
      return t('the connection was cut');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return t('there is no way to it');
    case 'HTTP 407':
      return t('the proxy wants a name and a password');
    default:
      return reason;
  }
}

/** Nobody needs a mirror of which everything is here already, until the next version. */
export const severity = ({ needed }: Target): Finding['status'] => (needed ? 'problem' : 'warning');

const later = ({ needed }: Target): string =>
  needed ? '' : ` ${t('All that it would give is here already.')}`;

function fixFor({ proxy, setting }: Target): Pick<Found, 'fix' | 'mend'> {
  const mend =
    setting === undefined
      ? {}
      : { mend: { kind: 'setting', name: setting, label: t('Name a mirror') } as const };
  const fix = proxy
    ? t('Check the network, the address, and the proxy {0} ({1}).', shown(proxy.url), proxy.from)
    : t(
        'Check the network and the address (pip config, ~/.m2/settings.xml, ORDERS_LAKEHOUSE_MIRROR), or set https_proxy.',
      );
  return { fix, ...mend };
}

export function mirrorsFound(probes: readonly Probed[]): readonly Found[] {
  const bad = probes.flatMap((one): readonly Found[] => {
    const { target } = one;
    if (!one.answered) {
      if (one.failed === 'proxy') return [];
      const evidence = t(
        '{0} ({1}) cannot be reached: {2}.',
        shown(target.url),
        target.what,
        reasonText(one.reason),
      );
      return [{ status: severity(target), evidence: evidence + later(target), ...fixFor(target) }];
    }
    // 401 is what an image registry says to everybody; 404 and 405 speak of this path only.
    const refuses = one.status === 403 || one.status === 407 || one.status >= 500;
    if (!refuses) return [];
    const evidence = t('{0} ({1}) refuses: HTTP {2}.', shown(target.url), target.what, one.status);
    return [{ status: severity(target), evidence: evidence + later(target), ...fixFor(target) }];
  });
  if (bad.length > 0) return bad;
  const answering = probes.filter(({ answered }) => answered);
  if (answering.length === 0) return [];
  const names = answering.map(({ target }) => `${shown(target.url)} (${target.what})`).join(', ');
  return [{ status: 'ok', evidence: t('Answering: {0}', names) }];
}

export function proxiesFound(probes: readonly Probed[]): readonly Found[] {
  const used = new Map<string, { readonly from: string; readonly failed: Probed | undefined }>();
  for (const one of probes) {
    const { proxy } = one.target;
    if (!proxy) continue;
    const known = used.get(proxy.url.href)?.failed;
    const failed = !one.answered && one.failed === 'proxy' ? one : undefined;
    const worse = failed?.target.needed || known === undefined ? failed : known;
    used.set(proxy.url.href, { from: proxy.from, failed: worse });
  }
  if (used.size === 0) return [{ status: 'ok', evidence: t('No proxy is set') }];
  return [...used].map(([href, { from, failed }]): Found => {
    const name = `${shown(new URL(href))} (${from})`;
    if (!failed || failed.answered) return { status: 'ok', evidence: t('In use: {0}', name) };
    const evidence = t('The proxy {0} cannot be used: {1}.', name, reasonText(failed.reason));
    return {
      status: severity(failed.target),
      evidence: evidence + later(failed.target),
      fix: t('Check the address, or take it out of {0} where no proxy is needed.', from),
    };
  });
}

export const mirrorsCheck = (): Check => ({
  id: 'network',
  title: t('Mirrors'),
  look: async ({ network }) => mirrorsFound(await network()),
});

export const proxiesCheck = (): Check => ({
  id: 'proxy',
  title: t('Proxies'),
  look: async ({ network }) => proxiesFound(await network()),
});
