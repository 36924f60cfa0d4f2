import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import {
  createServer as createRawServer,
  connect,
  type AddressInfo,
  type Server as RawServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtNetwork } from '../../../../src/adapters/doctor/network.ts';
import { probe, type Target } from '../../../../src/adapters/doctor/probe.ts';

const never = new AbortController().signal;

async function listen(server: RawServer): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a probe', () => {
  const open: RawServer[] = [];
  const serve = async (listener: RequestListener): Promise<{ server: Server; at: string }> => {
    const server = createServer(listener);
    open.push(server);
    return { server, at: await listen(server) };
  };
  const target = (address: string, proxy?: string): Target => ({
    what: 'x',
    url: new URL(address),
    needed: true,
    ...(proxy === undefined ? {} : { proxy: { url: new URL(proxy), from: 'https_proxy' } }),
  });
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  it('reads the status and the clock of who answers, with the name and password of the address', async () => {
    const heard: (string | undefined)[] = [];
    const { at } = await serve((request, response) => {
      heard.push(request.method, request.url, request.headers.authorization, request.headers.host);
      response.writeHead(200, { date: new Date(Date.now() + 3_600_000).toUTCString() }).end();
    });
    const probed = await probe(target(`http://ma%40ria:geheim@${at}/simple/?a=1`), [], never);
    assert.ok(probed.answered);
    assert.equal(probed.status, 200);
    assert.equal(Math.round((probed.aheadMs ?? 0) / 60_000), 60);
    const basic = `Basic ${Buffer.from('ma@ria:geheim').toString('base64')}`;
    assert.deepEqual(heard, ['HEAD', '/simple/?a=1', basic, at]);
  });

  it('goes through a proxy: whole addresses for http, a tunnel for https', async () => {
    const heard: string[] = [];
    const { server, at } = await serve((request, response) => {
      heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(204).end();
    });
    server.on('connect', (request, socket) => {
      heard.push(`CONNECT ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const plain = await probe(target('http://mirror.example/simple', `http://${at}`), [], never);
    assert.ok(plain.answered);
    assert.equal(plain.status, 204);
    const secure = await probe(target('https://mirror.example/simple', `http://u:p@${at}`), [], never);
    assert.deepEqual(
      [secure.answered, !secure.answered && [secure.failed, secure.reason]],
      [false, ['proxy', 'HTTP 407']],
    );
    assert.deepEqual(heard, [
      'HEAD http://mirror.example:80/simple',
      'CONNECT mirror.example:443 Basic dTpw',
    ]);
  });

  it('says who did not answer: the host, or the proxy before it', async () => {
    const { server, at } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    const straight = await probe(target(`http://${at}`), [], never);
    assert.deepEqual(straight.answered || [straight.failed, straight.reason], ['host', 'ECONNREFUSED']);
    const by = await probe(target('https://mirror.example', `http://${at}`), [], never);
    assert.deepEqual(by.answered || [by.failed, by.reason], ['proxy', 'ECONNREFUSED']);
  });

  it('is over when its time is, whatever the other side does', async () => {
    const silent = createRawServer();
    open.push(silent);
    const at = await listen(silent);
    const controller = new AbortController();
    silent.once('connection', () => {
      controller.abort();
    });
    const probed = await probe(target(`http://${at}`), [], controller.signal);
    assert.deepEqual(probed.answered || probed.reason, 'ETIMEDOUT');
  });

  it('does not wait for somebody who speaks another language', async () => {
    const other = createRawServer((socket) => socket.end('SSH-2.0-x\r\n\r\n'));
    open.push(other);
    const probed = await probe(target(`http://${await listen(other)}`), [], never);
    assert.equal(probed.answered, false);
  });

  it('asks nobody where nothing is to be fetched', async () => {
    assert.deepEqual(await lookAtNetwork([], never), []);
  });
});

describe('a certificate', () => {
  it('that nobody here knows is told with its issuer', async function () {
    this.timeout(20_000);
    const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '1',
        ],
        ...['-subj', '/O=Example Corp/CN=Inspection CA', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ...['-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    const server = createSecureServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (_request, response) => {
        response.writeHead(200).end();
      },
    );
    // A tunnel, as companies have them.
    const tunnel = createServer();
    tunnel.on('connect', (request, client) => {
      const [host, port] = (request.url ?? '').split(':');
      const there = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        there.pipe(client).pipe(there);
      });
    });
    try {
      const at = await listen(server);
      const url = new URL(`https://${at}/`);
      const target = { what: 'x', url, needed: true };
      const unknown = await probe(target, [], never);
      assert.ok(unknown.answered);
      assert.deepEqual(unknown.certificate, {
        trusted: false,
        issuer: 'Example Corp, Inspection CA',
        reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      });
      const proxy = { url: new URL(`http://${await listen(tunnel)}`), from: 'https_proxy' };
      const known = await probe({ ...target, proxy }, [readFileSync(cert, 'utf8')], never);
      assert.ok(known.answered);
      assert.equal(known.certificate?.trusted, true);
    } finally {
      server.close();
      tunnel.close();
      rmSync(folder, { recursive: true });
    }
  });
});
