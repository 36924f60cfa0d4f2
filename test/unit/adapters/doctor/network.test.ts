import assert from 'node:assert/strict';
import { certificatesFound } from '../../../../src/adapters/doctor/certificates.ts';
import { clockFound } from '../../../../src/adapters/doctor/clock.ts';
import { mirrorsFound, proxiesFound } from '../../../../src/adapters/doctor/network.ts';
import { mavenHomeIn } from '../../../../src/adapters/doctor/packageIndexes.ts';
import { parseHead, type Probed, type Target } from '../../../../src/adapters/doctor/probe.ts';
import { proxyFor, shown } from '../../../../src/adapters/proxies.ts';
import { imageTargets, packageTargets, registryOf } from '../../../../src/adapters/doctor/targets.ts';

const url = (text: string): URL => new URL(text);
const proxy = { url: url('http://maria:segredo@proxy.example:3128'), from: 'https_proxy' };
const target = (more: Partial<Target> = {}): Target => ({
  what: 'Python packages',
  url: url('https://maria:segredo@mirror.example/simple/'),
  needed: true,
  ...more,
});
const failed = (reason: string, of = target(), at: 'host' | 'proxy' = 'host'): Probed => ({
  answered: false,
  target: of,
  failed: at,
  reason,
});
const answered = (
  status: number,
  of = target(),
  more: Partial<Probed & { answered: true }> = {},
): Probed => ({
  answered: true,
  target: of,
  status,
  ...more,
});

describe('the proxy of a request', () => {
  const from = (address: string, env: NodeJS.ProcessEnv) => proxyFor(url(address), env)?.url.href;

  it('is what the usual variables say, small letters first, with a scheme or without', () => {
    const env = {
      https_proxy: 'small.example:1',
      HTTPS_PROXY: 'http://large.example:2',
      all_proxy: 'all.example:3',
    };
    assert.equal(from('https://a.example', env), 'http://small.example:1/');
    assert.equal(from('http://a.example', env), 'http://all.example:3/');
    assert.equal(from('https://a.example', {}), undefined);
  });

  for (const [exempt, hosts] of [
    ['a.example', ['a.example', 'sub.a.example']],
    ['.a.example', ['a.example', 'sub.a.example']],
    ['*.a.example, b.example', ['sub.a.example', 'b.example']],
    ['*', ['a.example', 'c.example']],
    ['a.example:443', ['a.example']],
  ] as const) {
    it(`is none for hosts in no_proxy=${exempt}`, () => {
      for (const host of hosts) {
        assert.equal(from(`https://${host}`, { https_proxy: 'p:1', no_proxy: exempt }), undefined, host);
      }
    });
  }

  it('stays for hosts that only look alike, and for other ports', () => {
    const env = { https_proxy: 'http://p.example:1', NO_PROXY: 'a.example,b.example:8443' };
    assert.equal(from('https://nota.example', env), 'http://p.example:1/');
    assert.equal(from('https://b.example', env), 'http://p.example:1/');
  });
});

describe('an address', () => {
  it('is shown without its name and password', () => {
    assert.equal(shown(proxy.url), 'http://proxy.example:3128');
    const all = [
      ...mirrorsFound([failed('ENOTFOUND', target({ proxy })), answered(503)]),
      ...proxiesFound([failed('HTTP 407', target({ proxy }), 'proxy')]),
      ...proxiesFound([answered(200, target({ proxy }))]),
    ];
    assert.equal(all.length, 4);
    assert.ok(!JSON.stringify(all).includes('segredo'));
  });
});

describe('what a start would fetch from', () => {
  const missing = { python: true, jars: [], sparkServer: false };

  it('is what pip and Maven say, each by its own proxy', () => {
    const indexes = {
      pip: { index: 'https://i.example/simple', proxy: null },
      central: 'https://c.example/m2',
    };
    const targets = packageTargets(indexes, {}, missing, { https_proxy: 'http://p.example:1' });
    assert.deepEqual(
      targets.map((one) => [one.url.host, one.needed, one.proxy?.from]),
      [
        ['i.example', true, 'https_proxy'],
        ['c.example', false, 'https_proxy'],
      ],
    );
    const [mirror] = packageTargets(
      { central: 'https://c.example' },
      {
        mirror: 'https://m.example/all',
        proxy: { host: 'q.example', port: 8080 },
      },
      missing,
      {},
    );
    assert.equal(mirror?.url.host, 'm.example');
    assert.equal(mirror.proxy?.url.href, 'http://q.example:8080/');
  });

  it('is nothing where pip is told to use no index, or one of files', () => {
    assert.deepEqual(packageTargets({ pip: { index: null, proxy: null } }, {}, missing, {}), []);
    assert.deepEqual(
      packageTargets({ pip: { index: 'file:///srv/wheels', proxy: null } }, {}, missing, {}),
      [],
    );
  });

  it('is, for images, the registry in their names, or the one of the engine', () => {
    assert.equal(registryOf('mirror.example:5000/hub/kafka'), 'mirror.example:5000');
    assert.equal(registryOf('localhost/kafka'), 'localhost');
    assert.equal(registryOf('apache/kafka'), undefined);
    assert.equal(registryOf('python'), undefined);
    const targets = imageTargets(
      [
        { name: 'apache/kafka', present: true },
        { name: 'python', present: false },
        { name: 'mirror.example/registry', present: true },
      ],
      { registry: 'https://default.example/v1/', mirrors: [] },
      {},
    );
    assert.deepEqual(
      targets.map((one) => [one.url.href, one.needed]),
      [
        ['https://default.example/v2/', true],
        ['https://mirror.example/v2/', false],
      ],
    );
  });

  it('is found with the home that Maven tells of', () => {
    assert.equal(
      mavenHomeIn('Apache Maven 3.9.9\nMaven home: /opt/my maven\r\nJava version: 21'),
      '/opt/my maven',
    );
  });
});

describe('a mirror', () => {
  it('that does not answer is a problem when something is missing, else a warning', () => {
    const [problem] = mirrorsFound([failed('ECONNREFUSED')]);
    assert.equal(problem?.status, 'problem');
    assert.match(problem.evidence, /mirror\.example\/simple \(Python packages\).*nothing listens there/);
    const [warning] = mirrorsFound([failed('ECONNREFUSED', target({ needed: false }))]);
    assert.equal(warning?.status, 'warning');
    assert.match(warning.evidence, /here already/);
  });

  it('that asks who is there answers; one that forbids or fails does not', () => {
    const statuses = [200, 301, 401, 404, 405, 403, 407, 502].map(
      (status) => mirrorsFound([answered(status)])[0]?.status,
    );
    assert.deepEqual(statuses, ['ok', 'ok', 'ok', 'ok', 'ok', 'problem', 'problem', 'problem']);
  });

  it('behind a proxy that fails is blamed on the proxy, once', () => {
    const probes = [
      failed('ECONNREFUSED', target({ proxy }), 'proxy'),
      failed('ECONNREFUSED', target({ proxy, needed: false }), 'proxy'),
    ];
    assert.deepEqual(mirrorsFound(probes), []);
    const found = proxiesFound(probes);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.status, 'problem');
    assert.match(found[0].evidence, /http:\/\/proxy\.example:3128 \(https_proxy\)/);
  });

  it('is named with its host and issuer when its certificate is not trusted', () => {
    const certificate = {
      trusted: false,
      issuer: 'Example Corp, Inspection CA',
      reason: 'SELF_SIGNED_CERT_IN_CHAIN',
    };
    const [found] = certificatesFound([answered(200, target(), { certificate })], 'embedded');
    assert.equal(found?.status, 'problem');
    assert.match(found.evidence, /mirror\.example .*Example Corp, Inspection CA \(SELF_SIGNED/);
    assert.match(found.fix ?? '', /NODE_EXTRA_CA_CERTS.*PIP_CERT/);
    assert.match(
      certificatesFound([answered(200, target(), { certificate })], 'docker')[0]?.fix ?? '',
      /sandbox\/images\/certificates/,
    );
  });
});

describe('the clock', () => {
  it('may be five minutes off, and is told by how many when it is more', () => {
    const at = (minutes: number) => clockFound([{ whose: 'mirror.example', aheadMs: minutes * 60_000 }]);
    assert.equal(at(5).status, 'ok');
    assert.equal(at(-5).status, 'ok');
    assert.match(at(6).evidence, /6 minutes behind mirror\.example/);
    assert.match(at(-90).evidence, /90 minutes ahead of mirror\.example/);
    assert.equal(at(-90).status, 'warning');
    assert.equal(clockFound([]).status, 'ok');
  });
});

describe('the head of a response', () => {
  it('gives the status and the date', () => {
    const text = 'HTTP/1.1 401 Unauthorized\r\nServer: x\r\ndate: Tue, 24 Nov 2026 13:00:00 GMT\r\n\r\nbody';
    assert.deepEqual(parseHead(text), { status: 401, date: 'Tue, 24 Nov 2026 13:00:00 GMT' });
    assert.equal(parseHead('SSH-2.0-OpenSSH'), undefined);
  });
});
