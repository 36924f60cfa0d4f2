/**
 * Asks one address for its head, through a proxy where there is one. On bare sockets: whom the certificate is from, and
 * at which step it failed, no client tells, and VS Code puts its own proxy into Node's.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Proxy } from '../proxies.ts';

export interface Target {
  /** What is fetched there, for a person. */
  readonly what: string;
  readonly url: URL;
  readonly proxy?: Proxy | undefined;
  /** Where another address can be set in the editor. */
  readonly setting?: string;
  /** A start would fetch something from there. */
  readonly needed: boolean;
}

export interface Certificate {
  readonly trusted: boolean;
  readonly issuer: string;
  /** Why it is not trusted, as OpenSSL names it. */
  readonly reason: string;
}

export type Probed =
  | {
      readonly answered: true;
      readonly target: Target;
      readonly status: number;
      /** Milliseconds by which the other side's clock is ahead of ours. */
      readonly aheadMs?: number | undefined;
      readonly certificate?: Certificate | undefined;
    }
  | {
      readonly answered: false;
      readonly target: Target;
      readonly failed: 'proxy' | 'host';
      /** ECONNREFUSED, ENOTFOUND, …, or what a proxy answered. */
      readonly reason: string;
    };

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once('close', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.once(event, resolve);
  });
}

export interface Head {
  readonly status: number;
  readonly date: string | undefined;
}

/** The status line and the Date of a response. */
export function parseHead(text: string): Head | undefined {
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(text)?.[1];
  const date = /^date:\s*(.+?)\s*$/im.exec(text)?.[1];
  return status === undefined ? undefined : { status: Number(status), date };
}

const HEAD_LIMIT = 64 * 1024;

/** Writes a request and reads the head of its response. */
function ask(socket: Socket, lines: readonly string[]): Promise<Head> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n') && text.length < HEAD_LIMIT) return;
      socket.off('data', take);
      const head = parseHead(text);
      if (head) resolve(head);
      else reject(Object.assign(new Error('no HTTP'), { code: 'no HTTP' }));
    };
    socket
      .on('data', take)
      .once('error', reject)
      .once('close', () => {
        reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

const basic = (name: string, { username, password }: URL): readonly string[] =>
  username === ''
    ? []
    : [
        `${name}: Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
      ];

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));

function certificateOf(socket: TLSSocket): Certificate {
  const { issuer } = socket.getPeerCertificate() as Partial<ReturnType<TLSSocket['getPeerCertificate']>>;
  const names = [issuer?.O, issuer?.CN].flat().filter((name) => name !== undefined);
  const reason = socket.authorizationError as Error | string | null;
  return {
    trusted: socket.authorized,
    issuer: names.join(', '),
    reason: socket.authorized ? '' : String((reason as NodeJS.ErrnoException | null)?.code ?? reason),
  };
}

/** @param authorities PEM of each that is trusted. Resolves also when the signal is aborted: it took too long. */
export async function probe(
  target: Target,
  authorities: readonly string[],
  signal: AbortSignal,
): Promise<Probed> {
  const { url, proxy } = target;
  const secure = url.protocol === 'https:';
  const first = proxy?.url ?? url;
  let failed: 'proxy' | 'host' = proxy ? 'proxy' : 'host';
  let socket = connect({ host: hostOf(first), port: portOf(first) });
  const abort = (): void => {
    socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
  };
  signal.addEventListener('abort', abort, { once: true });
  const wrap = async (servername: string): Promise<TLSSocket> => {
    const wrapped = connectTls({
      socket,
      // An address has no name to ask for, and is still held against the certificate.
      host: servername,
      ...(/^[\d.]+$|:/.test(servername) ? {} : { servername }),
      ca: [...authorities],
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    socket = wrapped;
    await connected(wrapped, 'secureConnect');
    return wrapped;
  };
  try {
    await connected(socket, 'connect');
    if (proxy?.url.protocol === 'https:') await wrap(hostOf(proxy.url));
    const host = `${url.hostname}:${portOf(url)}`;
    if (proxy && secure) {
      const tunnel = [
        `CONNECT ${host} HTTP/1.1`,
        `Host: ${host}`,
        ...basic('Proxy-Authorization', proxy.url),
      ];
      const { status } = await ask(socket, tunnel);
      if (status !== 200) return { answered: false, target, failed, reason: `HTTP ${status}` };
    }
    failed = proxy && !secure ? 'proxy' : 'host';
    const certificate = secure ? certificateOf(await wrap(hostOf(url))) : undefined;
    const path = `${url.pathname}${url.search}`;
    const sent = Date.now();
    const { status, date } = await ask(socket, [
      `HEAD ${proxy && !secure ? `http://${host}${path}` : path} HTTP/1.1`,
      `Host: ${url.host}`,
      'User-Agent: orders-lakehouse',
      'Accept: */*',
      'Connection: close',
      ...(proxy && !secure ? basic('Proxy-Authorization', proxy.url) : []),
      ...basic('Authorization', url),
    ]);
    if (proxy && !secure && status === 407) return { answered: false, target, failed, reason: 'HTTP 407' };
    const theirs = Date.parse(date ?? '');
    return {
      answered: true,
      target,
      status,
      certificate,
      aheadMs: Number.isNaN(theirs) ? undefined : theirs - (sent + Date.now()) / 2,
    };
  } catch (error) {
    return { answered: false, target, failed, reason: reasonOf(error) };
  } finally {
    signal.removeEventListener('abort', abort);
    socket.on('error', () => undefined).destroy();
  }
}
