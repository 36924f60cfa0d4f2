import { t } from '../../core/l10n.ts';
import type { RuntimeName } from '../../core/sandbox.ts';
import type { Check, Found } from './check.ts';
import { severity } from './network.ts';
import type { Probed } from './probe.ts';

const fixFor = (runtime: RuntimeName): string =>
  runtime === 'docker'
    ? t(
        'If your company inspects TLS: Docker must trust its authority (see its documentation), and the build of the image takes it from sandbox/images/certificates.',
      )
    : t(
        "If your company inspects TLS: put the PEM file of its authority into the system's store, or name it in NODE_EXTRA_CA_CERTS (Java takes both) and in PIP_CERT for pip.",
      );

export function certificatesFound(probes: readonly Probed[], runtime: RuntimeName): readonly Found[] {
  const seen = probes.flatMap((one) =>
    one.answered && one.certificate ? [{ target: one.target, certificate: one.certificate }] : [],
  );
  const bad = seen.filter(({ certificate }) => !certificate.trusted);
  if (bad.length > 0) {
    return bad.map(({ target, certificate }) => ({
      status: severity(target),
      evidence: t(
        '{0} shows a certificate that is not trusted here, issued by {1} ({2}).',
        target.url.host,
        certificate.issuer || '?',
        certificate.reason,
      ),
      fix: fixFor(runtime),
    }));
  }
  if (seen.length === 0) return [];
  const names = seen.map(({ target, certificate }) =>
    t('{0}, issued by {1}', target.url.host, certificate.issuer),
  );
  return [{ status: 'ok', evidence: t('Trusted: {0}', [...new Set(names)].join('; ')) }];
}

export const certificatesCheck = (): Check => ({
  id: 'certificates',
  title: t('Certificates'),
  look: async ({ network, runtime }) => certificatesFound(await network(), runtime),
});
