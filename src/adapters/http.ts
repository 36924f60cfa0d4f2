/** One HTTP request after the other over connections that are kept; Node's own fetch takes no certificates. */
import { Agent as PlainAgent, request as requestPlain, type IncomingHttpHeaders } from 'node:http';
import { Agent as SecureAgent, request as requestSecure, type RequestOptions } from 'node:https';
import type { TlsAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { isLoopback } from '../core/loopback.ts';
import { PLAIN_TLS, tlsFailure, tlsOptions } from './tlsOptions.ts';

const TIMEOUT_MS = 15_000;
/** Idle connections are closed after so long, so that they keep nobody alive. */
const IDLE_MS = 4000;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** For the whole answer. */
  readonly timeoutMs?: number;
  /** False: never sent twice, not even when a kept connection turns out to be closed. */
  readonly again?: boolean;
}

export type Http = (method: string, url: string, options: HttpOptions) => Promise<HttpAnswer>;

/** Rejects when nobody answers, follows no redirect. Throws UserError for what is wrong with TLS, and `no-secret-in-clear`. */
export function createHttp(tls: TlsAccess | null, options: { readonly alsoMachine?: boolean } = {}): Http {
  const plain = new PlainAgent({ keepAlive: true, timeout: IDLE_MS });
  let secure: Promise<SecureAgent> | undefined;
  const makeSecure = async (): Promise<SecureAgent> =>
    new SecureAgent({
      keepAlive: true,
      timeout: IDLE_MS,
      ...(await tlsOptions(tls ?? PLAIN_TLS, options)),
    });

  return async (method, url, { headers, body, signal, timeoutMs = TIMEOUT_MS, again: mayRepeat = true }) => {
    const at = new URL(url);
    const encrypted = at.protocol === 'https:';
    if (!encrypted && 'authorization' in headers && !isLoopback(at.hostname)) {
      throw new UserError(
        'no-secret-in-clear',
        t('{0} is no https address: the login would be readable.', url),
        {
          hint: t('Use https.'),
        },
      );
    }
    const agent = encrypted ? await (secure ??= makeSecure()) : plain;
    const timeout = AbortSignal.timeout(timeoutMs);
    const requested: RequestOptions = {
      method,
      agent,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    const once = (again: boolean): Promise<HttpAnswer> =>
      new Promise((resolve, reject) => {
        const request = (encrypted ? requestSecure : requestPlain)(at, requested, (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('error', reject)
            .on('end', () => {
              const { statusCode: status = 0, headers: answered } = response;
              resolve({ status, headers: answered, body: Buffer.concat(chunks).toString('utf8') });
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
    return once(mayRepeat);
  };
}
