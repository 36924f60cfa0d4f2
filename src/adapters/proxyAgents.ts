/** Requests through a proxy, outside of VS Code's extension host, and what goes wrong at it. */
import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { shown, type Proxy } from './proxies.ts';
import { tlsFailure } from './tlsOptions.ts';

/** @param options Of the connections that are kept, and of TLS with the proxy itself. Throws UserError `unsupported-proxy`. */
export function proxyAgent({ url, from }: Proxy, to: URL, options: AgentOptions): Agent {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UserError(
      'unsupported-proxy',
      t('{0} names a proxy of another kind than HTTP: {1}', from, shown(url)),
      {
        hint: t('Name one that begins with http:// or https://, or exempt {0} in no_proxy.', to.hostname),
      },
    );
  }
  // What is encrypted goes through a tunnel; the proxy sees the name of the host, and nothing else.
  return to.protocol === 'https:' ? new HttpsProxyAgent(url, options) : new HttpProxyAgent(url, options);
}

const mend = (from: string): string =>
  t('{0} names it: see whether it is right, or exempt the host in no_proxy.', from);

/** Before the proxy let anything through. */
export function proxyFailure({ url, from }: Proxy, error: NodeJS.ErrnoException): UserError {
  const at = shown(url);
  const code: unknown = error.code;
  const reason = tlsFailure(error, url.host)?.message ?? (typeof code === 'string' ? code : error.message);
  return new UserError('proxy-unreachable', t('The proxy {0} does not answer ({1}).', at, reason), {
    hint: mend(from),
    cause: error,
  });
}

export const proxyLogin = (proxy: Proxy | undefined, to: URL): UserError =>
  proxy
    ? new UserError('proxy-login', t('The proxy {0} asks for a login of its own.', shown(proxy.url)), {
        hint: t('Give it with its address, in {0}: {1}', proxy.from, 'http://user:password@proxy:8080'),
      })
    : new UserError('proxy-login', t('A proxy before {0} asks for a login of its own.', to.host), {
        hint: t('VS Code asks for it, or takes it from the setting {0}.', 'http.proxy'),
      });

export function proxyRefusal(proxy: Proxy, to: URL, status: number): UserError {
  if (status === 407) return proxyLogin(proxy, to);
  return new UserError(
    'proxy-refused',
    t('The proxy {0} does not let us through to {1} ({2}).', shown(proxy.url), to.host, status),
    { hint: mend(proxy.from) },
  );
}

/** VS Code's own words for a proxy that it cannot reach; they come without a code, and without the proxy's password. */
export function editorProxyFailure(error: Error): UserError | undefined {
  const at = /^Failed to establish a socket connection to proxies: (.+)$/.exec(error.message)?.[1];
  if (at === undefined) return undefined;
  return new UserError('proxy-unreachable', t('The proxy {0} does not answer ({1}).', at, 'VS Code'), {
    hint: t('The settings {0}, or the system, name it: see whether it is right.', 'http.proxy, http.noProxy'),
    cause: error,
  });
}
