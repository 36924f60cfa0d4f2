/** What TLS takes of an access: certificates read from their files, and whom this machine trusts. */
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type ConnectionOptions, type SecureContext } from 'node:tls';
import type { TlsAccess } from '../core/access.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { systemPem } from './embedded/trust.ts';
import { asFileError } from './fileErrors.ts';

const read = async (path: string): Promise<Buffer | undefined> => {
  if (path === '') return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw asFileError(error, path);
  }
};

const trustedWith = async (authorities: Buffer | undefined): Promise<(string | Buffer)[] | undefined> => {
  const machine = await trusted();
  return authorities ? [...(machine ?? rootCertificates), authorities] : machine;
};

/** VS Code gives the authorities of Windows to Node itself; an explicit list would hide them. */
const trusted = async (): Promise<string[] | undefined> =>
  process.platform === 'win32' ? undefined : [...rootCertificates, await systemPem()];

/** Only whom this machine trusts, and no certificate of ours. */
export const PLAIN_TLS: TlsAccess = {
  authorities: '',
  certificate: '',
  key: '',
  keystore: '',
  passphrase: '',
  verifyName: true,
};

/**
 * `alsoMachine`: authorities are trusted beside those of the machine, not in their place. Throws UserError
 * `no-such-file`, `no-permission`, `bad-certificate`.
 */
export async function tlsOptions(
  access: TlsAccess,
  { alsoMachine = false }: { readonly alsoMachine?: boolean } = {},
): Promise<ConnectionOptions> {
  const [authorities, certificate, key, keystore] = await Promise.all(
    [access.authorities, access.certificate, access.key, access.keystore].map(read),
  );
  return {
    secureContext: contextOf(access, {
      ca: authorities && !alsoMachine ? authorities : await trustedWith(authorities),
      cert: certificate,
      key: key ?? certificate,
      pfx: keystore,
      ...(access.passphrase === '' ? {} : { passphrase: access.passphrase }),
    }),
    ...(access.verifyName ? {} : { checkServerIdentity: () => undefined }),
  };
}

function contextOf(
  { authorities, certificate, key, keystore }: TlsAccess,
  options: NonNullable<Parameters<typeof createSecureContext>[0]>,
): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const files = [keystore, certificate, key, authorities].filter((path) => path !== '');
    throw new UserError(
      'bad-certificate',
      t('The certificate files cannot be used ({0}): {1}', files.join(', '), messageOf(error)),
      {
        hint: t(
          'They must be PEM (or a keystore in PKCS #12), the key must belong to the certificate, and its password must be right.',
        ),
        cause: error,
      },
    );
  }
}

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** A handshake's failure in plain words; undefined when it is none. `at` names the other side. */
export function tlsFailure(error: unknown, at: string): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const told = (kind: string, text: string, hint: string): UserError =>
    new UserError(kind, text, { hint, cause: error });
  if (UNTRUSTED.has(code)) {
    return told(
      'untrusted-certificate',
      t('The certificate of {0} is not trusted here.', at),
      t('Name the PEM file of the authority that signed it in the connection.'),
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return told(
      'untrusted-certificate',
      t('The certificate of {0} is not valid today.', at),
      t('It has expired, or the clock of this machine is wrong.'),
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return told(
      'other-name',
      t('The certificate of {0} is for another name.', at),
      t('Use the name that stands in the certificate, or let the connection take any name.'),
    );
  }
  if (
    /wrong version number|packet length too long|http request|before secure TLS connection was established/i.test(
      message,
    )
  ) {
    return told(
      'no-tls',
      t('{0} does not speak TLS.', at),
      t('Choose a connection without TLS, or another port.'),
    );
  }
  if (/alert|certificate required|ERR_SSL/i.test(`${message} ${code}`)) {
    return told(
      'certificate-refused',
      t('{0} refused our side of TLS.', at),
      t(
        'It asks for a client certificate that it trusts: name its PEM files, or a keystore, in the connection.',
      ),
    );
  }
  return undefined;
}
