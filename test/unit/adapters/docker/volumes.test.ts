import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  arrange,
  clearStage,
  CLUSTER_ID,
  swapBack,
  swapIn,
  VOLUMES,
} from '../../../../src/adapters/docker/volumes.ts';

const VOLUME = { root: '/', folder: '', pieces: ['log', 'metadata', 'events'] };
const COMPOSE = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docker-compose.yml'), 'utf8');

describe('the volumes of the sandbox in Docker', () => {
  let folder: string;
  const bash = (script: string): void => {
    execFileSync('bash', ['-c', script], { cwd: folder, stdio: 'pipe' });
  };
  const put = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const found = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders lakehouse ção '));
    put('log/a', 'old');
    put('metadata/b', 'old');
    put('lock', 'not data');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const before = { 'log/a': 'old', 'metadata/b': 'old', lock: 'not data' };

  it('get what came in, all of it, and lose what was there', () => {
    put('.incoming/log/c', 'new');
    put('.incoming/events/d', 'new');
    bash(swapIn(VOLUME));
    bash(clearStage);
    assert.deepEqual(found(), { 'log/c': 'new', 'events/d': 'new', lock: 'not data' });
    assert.ok(!existsSync(join(folder, 'metadata')));
  });

  it('get back what was there after a whole exchange', () => {
    put('.incoming/log/c', 'new');
    put('.incoming/events/d', 'new');
    bash(swapIn(VOLUME));
    bash(swapBack(VOLUME));
    assert.deepEqual(found(), before);
  });

  it('get back what was there after an exchange that stopped anywhere', () => {
    const commands = ['mkdir .replaced', 'mv log .replaced/', 'mv metadata .replaced/', ': >.replaced/.all'];
    for (let done = 0; done <= commands.length; done++) {
      put('.incoming/log/c', 'new');
      bash([...commands.slice(0, done), ':'].join('\n'));
      bash(swapBack(VOLUME));
      assert.deepEqual(found(), before, `after ${done}`);
    }
  });

  it('stand in docker-compose.yml as they stand here', () => {
    for (const [part, { root }] of Object.entries(VOLUMES))
      assert.match(
        COMPOSE,
        new RegExp(`\\n {2}${part}:\\n(?:(?! {2}\\w).*\\n)*? {4}volumes: \\['\\w+:${root}'\\]\\n`),
      );
    assert.ok(COMPOSE.includes(`CLUSTER_ID: ${CLUSTER_ID}\n`));
  });

  it("are filled from a home's data, with the cluster that the image starts on", () => {
    put('data/kafka/log/meta.properties', 'version=1\ncluster.id=another\nnode.id=1\n');
    put('data/kafka/log/x', 'x');
    put('data/registry/registry.mv.db', 'r');
    put('data/registry/other', 'o');
    put('data/warehouse/w', 'w');
    for (const part of ['kafka', 'registry', 'spark'] as const)
      arrange(join(folder, 'data'), join(folder, 'stage', part), part);
    const staged = Object.fromEntries(Object.entries(found()).filter(([name]) => name.startsWith('stage')));
    assert.deepEqual(staged, {
      'stage/kafka/.incoming/log/meta.properties': `version=1\ncluster.id=${CLUSTER_ID}\nnode.id=1\n`,
      'stage/kafka/.incoming/log/x': 'x',
      'stage/registry/.incoming/registry.mv.db': 'r',
      'stage/spark/.incoming/warehouse/w': 'w',
    });
  });
});
