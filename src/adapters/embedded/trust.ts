/**
 * A packaged Java knows only the public authorities; behind a company's TLS inspection it must trust those of the
 * system. Where the system keeps a store for Java that is used, else one is made from its PEM bundle.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../process.ts';

const JAVA_STORES = ['/etc/ssl/certs/java/cacerts', '/etc/pki/java/cacerts'];
const PEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const MAC_KEYCHAINS = [
  '/System/Library/Keychains/SystemRootCertificates.keychain',
  '/Library/Keychains/System.keychain',
];

/** Java options; none when nothing about the system's authorities is known. */
export async function trustOptions(cache: string): Promise<readonly string[]> {
  const store = JAVA_STORES.find((path) => existsSync(path)) ?? (await madeStore(cache));
  return store === undefined ? [] : [`-Djavax.net.ssl.trustStore=${store}`];
}

async function madeStore(cache: string): Promise<string | undefined> {
  const certificates = certificatesIn(await systemPem());
  if (certificates.length === 0) return undefined;
  mkdirSync(cache, { recursive: true });
  const path = join(cache, 'system-authorities.jks');
  writeFileSync(path, javaKeyStore(certificates));
  return path;
}

/** PEM of the authorities that this system, and the person, trust. */
export async function systemPem(): Promise<string> {
  if (process.platform === 'darwin') {
    return (await run({ command: 'security', args: ['find-certificate', '-a', '-p', ...MAC_KEYCHAINS] }))
      .stdout;
  }
  // The variables by which people point OpenSSL, and Node, at their company's authorities.
  const own = [process.env['SSL_CERT_FILE'], process.env['NODE_EXTRA_CA_CERTS']].filter((path) => path);
  const bundles = [...own, PEM_BUNDLES.find((path) => existsSync(path))];
  return bundles.map((path) => (path && existsSync(path) ? readFileSync(path, 'utf8') : '')).join('\n');
}

/** DER of each certificate of a PEM text, each once. */
export function certificatesIn(pem: string): readonly Buffer[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const found = new Map<string, Buffer>();
  for (const block of blocks) {
    const { raw, fingerprint256 } = new X509Certificate(block);
    found.set(fingerprint256, raw);
  }
  return [...found.values()];
}

/** A store of trusted certificates in Java's own format (JKS, version 2). */
export function javaKeyStore(certificates: readonly Buffer[]): Buffer {
  const number = (value: number): Buffer => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(value);
    return buffer;
  };
  const text = (value: string): Buffer => {
    const buffer = Buffer.alloc(2);
    buffer.writeUInt16BE(value.length);
    return Buffer.concat([buffer, Buffer.from(value)]);
  };
  const trustedCertificate = 2;
  const content = Buffer.concat([
    ...[0xfeedfeed, 2, certificates.length].map(number),
    ...certificates.flatMap((der, index) => [
      number(trustedCertificate),
      text(`authority-${index}`),
      Buffer.alloc(8),
      text('X.509'),
      number(der.length),
      der,
    ]),
  ]);
  const password = Buffer.from('changeit', 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(content).digest();
  return Buffer.concat([content, digest]);
}
