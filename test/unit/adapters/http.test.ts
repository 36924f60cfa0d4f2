/** Requests through a real proxy, to a real TLS server whose authority is a company's own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createServer as createSilent, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../../../src/adapters/http.ts';
import { createSchemaRegistry } from '../../../src/adapters/schemaRegistry.ts';
import { isUserError } from '../../../src/core/errors.ts';
import { createAuthority, type Authority } from '../../live/support/certificates.ts';
import { startProxy, type TestProxy } from '../../support/proxy.ts';

const NAMES = ['https_proxy', 'http_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

describe('a request through a proxy', () => {
  let folder: string;
  let authority: Authority;
  let secure: Server;
  let plain: Server;
  let secureProxy: TestProxy;
  let plainProxy: TestProxy;
  const before_ = new Map<string, string | undefined>();
  const set = (variables: Readonly<Record<string, string>>): void => {
    Object.assign(process.env, variables);
  };
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const get = (url: string, more: { readonly timeoutMs?: number } = {}) =>
    createHttp(null)('GET', url, { headers: {}, ...more });
  const refused = (code: string, words: RegExp, url = 'https://workspace.test/a', timeoutMs = 5000) =>
    assert.rejects(get(url, { timeoutMs }), (error) => {
      assert.ok(isUserError(error), String(error));
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.hint ?? ''}`, words);
      assert.doesNotMatch(`${error.message} ${error.hint ?? ''}`, /segredo/);
      return true;
    });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orders-proxy-'));
    authority = createAuthority(folder, 'company');
    const { certificate, key } = authority.sign('workspace', 'DNS:workspace.test');
    const answer: Parameters<typeof createPlain>[1] = (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([request.url]));
    };
    secure = createSecure({ cert: readFileSync(certificate), key: readFileSync(key) }, answer);
    plain = createPlain({}, answer);
    for (const server of [secure, plain]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  });
  after(() => {
    for (const server of [secure, plain]) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    secureProxy = await startProxy(() => portOf(secure));
    plainProxy = await startProxy(() => portOf(plain));
    for (const name of [...NAMES, 'NODE_EXTRA_CA_CERTS']) {
      before_.set(name, process.env[name]);
      Reflect.deleteProperty(process.env, name);
    }
    set({ NODE_EXTRA_CA_CERTS: authority.certificate });
  });
  afterEach(async () => {
    for (const [name, value] of before_) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await secureProxy.close();
    await plainProxy.close();
  });

  it('goes through a tunnel, kept for the next one, and trusts the authority of the company', async () => {
    set({ HTTPS_PROXY: secureProxy.url });
    const http = createHttp(null);
    for (const path of ['/a', '/b']) {
      const { status, body } = await http('GET', `https://workspace.test${path}`, {
        headers: { authorization: 'Bearer secret' },
      });
      assert.deepEqual([status, body], [200, JSON.stringify([path])]);
    }
    assert.deepEqual(secureProxy.asked, ['CONNECT workspace.test:443']);
  });

  it('does not trust whom nobody vouches for', async () => {
    set({ https_proxy: secureProxy.url });
    Reflect.deleteProperty(process.env, 'NODE_EXTRA_CA_CERTS');
    await refused('untrusted-certificate', /workspace\.test/);
    set({ NODE_EXTRA_CA_CERTS: authority.certificate });
    await refused('other-name', /other\.test/, 'https://other.test/');
  });

  it('passes a plain request on without a tunnel', async () => {
    set({ http_proxy: plainProxy.url });
    assert.equal((await get('http://registry.test/subjects?a=1')).body, '["/subjects?a=1"]');
    assert.deepEqual(plainProxy.asked, ['GET http://registry.test/subjects?a=1']);
  });

  it('reaches registries as well', async () => {
    set({ http_proxy: plainProxy.url, https_proxy: secureProxy.url });
    const registry = (url: string) => createSchemaRegistry({ url, login: { kind: 'none' }, tls: null });
    assert.deepEqual(await registry('http://registry.test').subjects(), ['/subjects']);
    assert.deepEqual(await registry('https://workspace.test').subjects(), ['/subjects']);
    assert.equal(secureProxy.asked.length, 1);
  });

  it('goes straight to this machine, and to whom no_proxy names', async () => {
    set({ http_proxy: plainProxy.url, https_proxy: secureProxy.url, all_proxy: plainProxy.url });
    assert.equal((await get(`http://127.0.0.1:${portOf(plain)}/a`)).status, 200);
    assert.equal((await get(`http://localhost:${portOf(plain)}/a`)).status, 200);
    set({ no_proxy: '.invalid' });
    await assert.rejects(get('http://registry.invalid/'), { code: /ENOTFOUND|EAI_AGAIN/ });
    assert.deepEqual([...plainProxy.asked, ...secureProxy.asked], []);
  });

  it('logs in to the proxy with what its address says, and tells when it does not', async () => {
    secureProxy.wantLogin('maria:segredo 1');
    plainProxy.wantLogin('maria:segredo 1');
    const withLogin = (url: string): string => url.replace('//', '//maria:segredo%201@');
    set({ https_proxy: withLogin(secureProxy.url), http_proxy: withLogin(plainProxy.url) });
    assert.equal((await get('https://workspace.test/a')).status, 200);
    assert.equal((await get('http://registry.test/a')).status, 200);
    set({ https_proxy: secureProxy.url, http_proxy: plainProxy.url });
    await refused('proxy-login', /asks for a login.*https_proxy/);
    await refused('proxy-login', /asks for a login.*http_proxy/, 'http://registry.test/');
  });

  it('tells a proxy that forbids, and one that is not there or keeps silent', async () => {
    set({ https_proxy: secureProxy.url });
    secureProxy.refuse(403);
    await refused('proxy-refused', /workspace\.test.*403.*https_proxy/);
    const held: Socket[] = [];
    const silent = createSilent((socket) => held.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    set({ https_proxy: `http://maria:segredo@127.0.0.1:${port}` });
    await refused('proxy-unreachable', /127\.0\.0\.1/, 'https://workspace.test/a', 200);
    silent.close();
    for (const socket of held) socket.destroy();
    await once(silent, 'close');
    await refused('proxy-unreachable', /ECONNREFUSED.*https_proxy/);
    set({ https_proxy: 'socks5://127.0.0.1:1' });
    await refused('unsupported-proxy', /https_proxy.*socks5/);
  });
});
