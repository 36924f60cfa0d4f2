/** One HTTP request after the other over connections that are kept; Node's own fetch takes no certificates. */
import { Agent as PlainAgent, request as requestPlain, type IncomingHttpHeaders } from 'node:http';
import { Agent as SecureAgent, request as requestSecure, type RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { TlsAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { isLoopback } from '../core/loopback.ts';
import { isEditorNetwork } from './editorNetwork.ts';
import { proxyFor, type Proxy } from './proxies.ts';
import { editorProxyFailure, proxyAgent, proxyFailure, proxyLogin, proxyRefusal } from './proxyAgents.ts';
import { PLAIN_TLS, tlsFailure, tlsOptions } from './tlsOptions.ts';

const TIMEOUT_MS = 15_000;
/** Idle connections are closed after so long, so that they keep nobody alive. */
const IDLE_MS = 4000;
const KEPT = { keepAlive: true, timeout: IDLE_MS };

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

/** How a request leaves this machine. */
interface Way {
  readonly options: RequestOptions;
  readonly proxy?: Proxy;
}

/** The way to each address: straight, through the proxy that the usual variables name, or as VS Code goes. */
function createWays(
  tls: TlsAccess | null,
  options: { readonly alsoMachine?: boolean },
): (at: URL) => Promise<Way> {
  const plain = new PlainAgent(KEPT);
  let secure: Promise<ConnectionOptions> | undefined;
  let machine: Promise<ConnectionOptions> | undefined;
  let straight: SecureAgent | undefined;
  const agents = new Map<string, ReturnType<typeof proxyAgent>>();
  const ofTls = (): Promise<ConnectionOptions> => (secure ??= tlsOptions(tls ?? PLAIN_TLS, options));
  const ofMachine = (): Promise<ConnectionOptions> => (machine ??= tlsOptions(PLAIN_TLS));

  return async (at) => {
    const encrypted = at.protocol === 'https:';
    const near = isLoopback(at.hostname);
    if (isEditorNetwork() && !near) {
      // Certificates of a connection's own come with the request; the mark keeps its connections from others' requests.
      if (!encrypted || tls === null) return { options: {} };
      return { options: { ...(await ofTls()), sessionIdContext: 'orders-lakehouse' } };
    }
    const proxy = near ? undefined : proxyFor(at);
    if (proxy) {
      const trusted = await ofMachine();
      const key = `${at.protocol} ${proxy.url.href}`;
      const agent = agents.get(key) ?? proxyAgent(proxy, at, { ...KEPT, ...trusted });
      agents.set(key, agent);
      return { options: { agent, ...(encrypted ? await ofTls() : {}) }, proxy };
    }
    if (!encrypted) return { options: { agent: plain } };
    straight ??= new SecureAgent({ ...KEPT, ...(await ofTls()) });
    return { options: { agent: straight } };
  };
}

/**
 * Rejects when nobody answers, follows no redirect. Throws UserError for what is wrong with TLS, `no-secret-in-clear`, and
 * `proxy-unreachable`, `proxy-refused`, `proxy-login`, `unsupported-proxy`.
 */
export function createHttp(tls: TlsAccess | null, options: { readonly alsoMachine?: boolean } = {}): Http {
  const wayTo = createWays(tls, options);

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
    const { proxy, options: way } = await wayTo(at);
    const timeout = AbortSignal.timeout(timeoutMs);
    const requested: RequestOptions = {
      ...way,
      method,
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
              // Only a proxy says that.
              if (status === 407) reject(proxyLogin(proxy, at));
              else resolve({ status, headers: answered, body: Buffer.concat(chunks).toString('utf8') });
            });
        });
        /** The proxy let us through; where it passes requests on by itself, nothing is told of it. */
        let through = false;
        const fail = (error: NodeJS.ErrnoException): void => {
          if (proxy && !through && !request.reusedSocket && !signal?.aborted) {
            reject(proxyFailure(proxy, error));
          } else reject(editorProxyFailure(error) ?? tlsFailure(error, at.host) ?? error);
        };
        // A request that waits for a tunnel does not tell that it was aborted.
        const given = requested.signal;
        const abort = (): void => {
          fail(given?.reason as Error);
        };
        given?.addEventListener('abort', abort, { once: true });
        request
          .on('close', () => given?.removeEventListener('abort', abort))
          .on('proxyConnect', ({ statusCode }: { readonly statusCode?: number }) => {
            through = true;
            if (proxy && statusCode !== undefined && statusCode !== 200) {
              reject(proxyRefusal(proxy, at, statusCode));
            }
          })
          .on('error', (error: NodeJS.ErrnoException) => {
            // The other side closed a kept connection at the moment it was used again.
            if (again && request.reusedSocket && error.code === 'ECONNRESET') resolve(once(false));
            else fail(error);
          })
          .end(body);
      });
    return once(mayRepeat);
  };
}
