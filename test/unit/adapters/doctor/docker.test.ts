import assert from 'node:assert/strict';
import { isTooOld } from '../../../../src/adapters/doctor/docker.ts';
import { oldImages } from '../../../../src/adapters/doctor/images.ts';
import { engineMemoryFound, limitsOf } from '../../../../src/adapters/doctor/memory.ts';
import { startOfEngine } from '../../../../src/adapters/doctor/startEngine.ts';
import { composeVariables } from '../../../../src/adapters/docker/variables.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';

describe('the Docker engine', () => {
  it('is too old before 20.10; Podman counts its versions anew', () => {
    const old = [
      'Docker 19.03.15',
      'Docker 20.9.1',
      'Docker 20.10.24+dfsg1',
      'Docker 28.1.0',
      'Podman 5.2.0',
    ];
    assert.deepEqual(old.map(isTooOld), [true, true, false, false, false]);
  });

  it('must have the memory of all limits together', () => {
    const limits = limitsOf(composeVariables({}, DEFAULT_SETTINGS));
    assert.equal(limits, 4 * 1024 ** 3);
    assert.equal(engineMemoryFound(4 * 1024 ** 3, limits).status, 'ok');
    const less = engineMemoryFound(2 * 1024 ** 3, limits);
    assert.equal(less.status, 'warning');
    assert.match(less.evidence, /has 2\.0 GiB.*4\.0 GiB/);
  });

  it('is started only where the person may', () => {
    const with_ = (path: string) => (one: string) => one === path;
    assert.deepEqual(startOfEngine('darwin', with_('/Applications/Docker.app'), '/h'), {
      command: 'open',
      args: ['-a', 'Docker'],
    });
    assert.deepEqual(startOfEngine('linux', with_('/h/.config/systemd/user/docker.service'), '/h'), {
      command: 'systemctl',
      args: ['--user', 'start', 'docker'],
    });
    assert.equal(startOfEngine('linux', with_('/lib/systemd/system/docker.service'), '/h'), undefined);
    assert.equal(
      startOfEngine('freebsd', () => true, '/h'),
      undefined,
    );
  });
});

describe('old images', () => {
  it('are those that this product built for another version, and no others', () => {
    const current = 'orders-lakehouse/spark:aaaaaaaaaaaa';
    const listed = [
      { RepoTags: [current], Size: 1 },
      { RepoTags: ['orders-lakehouse/spark:bbbbbbbbbbbb', 'mine/spark:1'], Size: 2 },
      { RepoTags: ['orders-lakehouse/spark:local', 'orders-lakehouse/kafka:cccccccccccc'], Size: 3 },
      { RepoTags: null, Size: 4 },
    ];
    assert.deepEqual(oldImages(listed, [current]), [
      { name: 'orders-lakehouse/spark:bbbbbbbbbbbb', bytes: 2 },
    ]);
  });
});
