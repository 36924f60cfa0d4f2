import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineAddresses, isLocal } from '../../../../src/adapters/docker/addresses.ts';
import { projectName } from '../../../../src/adapters/docker/record.ts';
import { newestVersions } from '../../../../src/adapters/docker/runnerPlace.ts';
import { composeVariables } from '../../../../src/adapters/docker/variables.ts';

import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';

describe('the compose project of a home', () => {
  it('has a name that compose takes, the same at each start and another for each home', () => {
    const homes = ['/a/orders-lakehouse', '/b/orders-lakehouse', '/a/Área de testes', '/', '/a/...'];
    const names = homes.map(projectName);
    for (const name of names) assert.match(name, /^[a-z0-9][a-z0-9_-]*$/);
    assert.equal(new Set(names).size, homes.length);
    assert.deepEqual(homes.map(projectName), names);
  });

  it('gives each container its heap and room beyond it, four GiB together by default', () => {
    const ports = {
      'kafka.broker': 1,
      'kafka.controller': 2,
      'registry.http': 3,
      'registry.management': 4,
      'spark.connect': 5,
      'spark.sql': 6,
    };
    const variables = composeVariables(ports, DEFAULT_SETTINGS);
    const limits = Object.entries(variables).filter(([name]) => name.endsWith('_MEMORY'));
    assert.equal(
      limits.reduce((sum, [, limit]) => sum + parseInt(limit, 10), 0),
      4096,
    );
    assert.equal(variables['ORDERS_LAKEHOUSE_SPARK_HEAP'], '1792m');
    assert.equal(variables['ORDERS_LAKEHOUSE_REGISTRY_PORT'], '3');
    assert.match(variables['ORDERS_LAKEHOUSE_SPARK_TAG'] ?? '', /^[0-9a-f]{12}$/);
  });

  it('takes the images and the mirror that a person has set, and leaves the others to the environment', () => {
    const docker = {
      mirror: 'mirror.example.com/hub',
      images: { ...DEFAULT_SETTINGS.docker.images, kafka: 'k:1' },
    };
    const variables = composeVariables({}, { ...DEFAULT_SETTINGS, docker });
    const named = Object.entries(variables).filter(([name]) => /_(MIRROR|IMAGE)$/.test(name));
    assert.deepEqual(Object.fromEntries(named), {
      ORDERS_LAKEHOUSE_MIRROR: 'mirror.example.com/hub',
      ORDERS_LAKEHOUSE_KAFKA_IMAGE: 'k:1',
    });
  });
});

describe('the address of an engine', () => {
  it('is what DOCKER_HOST says, and nothing else then', () => {
    assert.deepEqual(engineAddresses({ DOCKER_HOST: 'tcp://127.0.0.1:2375' }), [
      { host: 'tcp://127.0.0.1:2375', from: 'DOCKER_HOST' },
    ]);
  });

  it('is that of the current context', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-docker-'));
    try {
      const meta = join(folder, 'contexts', 'meta', createHash('sha256').update('colima').digest('hex'));
      mkdirSync(meta, { recursive: true });
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'colima' }));
      const endpoint = { Endpoints: { docker: { Host: 'unix:///somewhere.sock' } } };
      writeFileSync(join(meta, 'meta.json'), JSON.stringify(endpoint));
      assert.deepEqual(engineAddresses({ DOCKER_CONFIG: folder }), [
        { host: 'unix:///somewhere.sock', from: 'docker context colima' },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is found where each program listens, when nobody names one', () => {
    const sockets = {
      '/var/run/docker.sock': 'Docker',
      '/run/user/7/docker.sock': 'rootless Docker',
      '/home/ana/.docker/run/docker.sock': 'Docker Desktop',
      '/home/ana/.docker/desktop/docker.sock': 'Docker Desktop',
      '/home/ana/.colima/default/docker.sock': 'Colima',
      '/home/ana/.config/colima/default/docker.sock': 'Colima',
      '/home/ana/.rd/docker.sock': 'Rancher Desktop',
      '/home/ana/.orbstack/run/docker.sock': 'OrbStack',
      '/run/user/7/podman/podman.sock': 'Podman',
      '/home/ana/.local/share/containers/podman/machine/podman.sock': 'Podman',
    };
    const environment = { XDG_RUNTIME_DIR: '/run/user/7', DOCKER_CONFIG: '/nowhere' };
    for (const [path, from] of Object.entries(sockets)) {
      const machine = {
        platform: 'linux' as const,
        home: '/home/ana',
        exists: (one: string) => one === path,
      };
      assert.deepEqual(engineAddresses(environment, machine), [{ host: `unix://${path}`, from }]);
    }
    const windows = { platform: 'win32' as const, home: 'C:\\Users\\ana', exists: () => false };
    assert.ok(
      engineAddresses(environment, windows).every(({ host }) => host.startsWith('npipe:////./pipe/')),
    );
  });

  it('must be on this machine, for the ports are published there', () => {
    for (const host of ['unix:///x.sock', 'npipe:////./pipe/x', 'tcp://localhost:2375', 'tcp://[::1]:2375']) {
      assert.ok(isLocal(host), host);
    }
    for (const host of ['tcp://10.0.0.1:2375', 'ssh://me@example.com', 'tcp://localhost.example.com']) {
      assert.ok(!isLocal(host), host);
    }
  });
});

describe('the versions of tables in the container', () => {
  it('are the newest commits, and -1 where there is none', () => {
    const log = (table: string, version: number): string =>
      `/data/warehouse/${table}/_delta_log/${String(version).padStart(20, '0')}.json`;
    const paths = [log('gold.db/sales_daily', 9), log('gold.db/sales_daily', 10), log('silver.db/orders', 0)];
    assert.deepEqual(
      newestVersions(['gold.sales_daily', 'silver.orders', 'bronze.orders_raw'], paths.join('\n')),
      {
        'gold.sales_daily': 10,
        'silver.orders': 0,
        'bronze.orders_raw': -1,
      },
    );
  });
});
