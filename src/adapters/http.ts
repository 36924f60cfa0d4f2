/** One HTTP request after the other over connections that are kept; Node's own fetch takes no certificates. */
import { Agent as PlainAgent, request as requestPlain } from 'node:http';
import { Agent as SecureAgent, request as requestSecure, type RequestOptions } from 'node:https';
import type { TlsAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PLAIN_TLS, tlsFailure, tlsOptions } from './tlsOptions.ts';

const TIMEOUT_MS = 15_000;
/** Idle connections are closed after so long, so that they keep nobody alive. */
const IDLE_MS = 4000;

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export type Http = (
  method: string,
  url: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<HttpAnswer>;

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Rejects when nobody answers. Throws UserError for what is wrong with TLS, and `no-secret-in-clear`. */
export function createHttp(tls: TlsAccess | null, options: { readonly alsoMachine?: boolean } = {}): Http {
  const plain = new PlainAgent({ keepAlive: true, timeout: IDLE_MS });
  let secure: Promise<SecureAgent> | undefined;
  const makeSecure = async (): Promise<SecureAgent> =>
    new SecureAgent({
      keepAlive: true,
      timeout: IDLE_MS,
      ...(await tlsOptions(tls ?? PLAIN_TLS, options)),
    });

  return async (method, url, { headers, body }) => {
    const at = new URL(url);
    const encrypted = at.protocol === 'https:';
    if (!encrypted && 'authorization' in headers && !LOOPBACK.test(at.hostname)) {
      throw new UserError(
        'no-secret-in-clear',
        t('{0} is no https address: the login would be readable.', url),
        {
          hint: t('Use https.'),
        },
      );
    }
    const agent = encrypted ? await (secure ??= makeSecure()) : plain;
    const requested: RequestOptions = {
      method,
      agent,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const once = (again: boolean): Promise<HttpAnswer> =>
      new Promise((resolve, reject) => {
        const request = (encrypted ? requestSecure : requestPlain)(at, requested, (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('error', reject)
            .on('end', () => {
              resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
            });
        });
        request
          .on('error', (error: NodeJS.ErrnoException) => {
            // The other side closed a kept connection at the moment it was used again.
            if (again && request.reusedSocket && error.code === 'ECONNRESET') resolve(once(false));
            else reject(tlsFailure(error, at.host) ?? error);
          })
          .end(body);
      });
    return once(true);
  };
}
