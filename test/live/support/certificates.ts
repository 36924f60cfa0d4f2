/** An authority of the tests' own, and certificates signed by it, made with openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** PEM of the certificate. */
  readonly certificate: string;
  /** PEM of its key, PKCS #8. */
  readonly key: string;
  /** PEM of both in one file. */
  readonly both: string;
  /** PKCS #12 of both under {@link KEYSTORE_PASSWORD}. */
  readonly keystore: string;
}

export const KEYSTORE_PASSWORD = 'keystore-secret';

export interface Authority {
  /** PEM. */
  readonly certificate: string;
  sign(name: string, alternatives?: string): Certificate;
}

export function createAuthority(folder: string, name: string): Authority {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const file = (what: string): string => join(folder, what);
  const certificate = file(`${name}.crt`);
  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', `${name}.key`, '-out', `${name}.crt`],
  );
  return {
    certificate,
    sign: (who, alternatives = 'IP:127.0.0.1') => {
      const at = `${name}-${who}`;
      openssl(
        ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${who}`],
        ...['-keyout', `${at}.key`, '-out', `${at}.csr`],
      );
      writeFileSync(file(`${at}.ext`), `subjectAltName=${alternatives}\n`);
      openssl(
        ...['x509', '-req', '-in', `${at}.csr`, '-CA', `${name}.crt`, '-CAkey', `${name}.key`],
        ...['-CAcreateserial', '-days', '2', '-extfile', `${at}.ext`, '-out', `${at}.crt`],
      );
      const both = file(`${at}.pem`);
      writeFileSync(both, readFileSync(file(`${at}.key`), 'utf8') + readFileSync(file(`${at}.crt`), 'utf8'));
      const keystore = file(`${at}.p12`);
      openssl(
        ...['pkcs12', '-export', '-in', `${at}.crt`, '-inkey', `${at}.key`],
        ...['-passout', `pass:${KEYSTORE_PASSWORD}`, '-out', keystore],
      );
      return { certificate: file(`${at}.crt`), key: file(`${at}.key`), both, keystore };
    },
  };
}
