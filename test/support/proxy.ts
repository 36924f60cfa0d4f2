/** A small HTTP proxy of the tests: tunnels (CONNECT) and plain requests, all of them to one server on this machine. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface TestProxy {
  /** `http://127.0.0.1:…`. */
  readonly url: string;
  /** What was asked for: `CONNECT host:port`, or method and whole address. */
  readonly asked: readonly string[];
  /** In the place of passing on; undefined: it passes on. */
  refuse(status: number | undefined): void;
  /** What it wants as `Proxy-Authorization`. */
  wantLogin(userAndPassword: string | undefined): void;
  close(): Promise<void>;
}

export async function startProxy(toPort: () => number): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let refused: number | undefined;
  let login: string | undefined;
  const verdict = ({ headers }: IncomingMessage): number | undefined => {
    const given = headers['proxy-authorization'];
    if (login !== undefined && given !== `Basic ${Buffer.from(login).toString('base64')}`) return 407;
    return refused;
  };

  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const no = verdict(incoming);
    if (no !== undefined) {
      response.writeHead(no, { 'proxy-authenticate': 'Basic realm="test"' }).end('<html>no</html>');
      return;
    }
    const { pathname, search } = new URL(incoming.url ?? '');
    const options = { host: '127.0.0.1', port: toPort(), method: incoming.method, path: pathname + search };
    const passed = request({ ...options, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    const no = verdict(incoming);
    if (no !== undefined) {
      socket.end(`HTTP/1.1 ${no} No\r\nProxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const there = connect(toPort(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    // A pipe passes on an end, but not that one side was cut.
    there.on('error', () => undefined).on('close', () => socket.destroy());
    socket.on('close', () => there.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: (status) => {
      refused = status;
    },
    wantLogin: (userAndPassword) => {
      login = userAndPassword;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
