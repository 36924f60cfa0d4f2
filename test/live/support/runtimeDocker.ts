/** The sandbox in Docker as a test sees it: containers, asked for through the docker command. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PartName } from '../../../src/core/sandbox.ts';
import { containers, docker, inventory, projectOf } from './docker.ts';
import type { Ground, Life } from './runtime.ts';

function containerOf(home: string, part: PartName): string {
  const [id] = containers(projectOf(home) ?? assert.fail(`no project in ${home}`), part);
  return id ?? assert.fail(`no container of ${part}`);
}

const lifeOf = (id: string): Life =>
  docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', id)[0] ?? '';

/** All processes of a container but its first, which is the engine's own and ends as they do. */
const killAll = (id: string): void => {
  const { error } = spawnSync('docker', ['exec', id, 'bash', '-c', 'kill -KILL -1'], { stdio: 'ignore' });
  // How it ends says nothing: the container takes it along.
  if (error) throw error;
};

export const containersGround: Ground = {
  name: 'docker',
  size: 3,
  lives: (home) =>
    Promise.resolve(
      containers(projectOf(home) ?? 'none')
        .map(lifeOf)
        .sort(),
    ),
  lifeOf: (home, part) => Promise.resolve(lifeOf(containerOf(home, part))),
  isAlive: (life) => {
    const [id = ''] = life.split(' ');
    const there = docker('ps', '--quiet', '--no-trunc', '--filter', `id=${id}`).includes(id);
    return there && lifeOf(id) === life;
  },
  // Not `docker kill`: who does that means it, and the engine starts nothing again (dockerFaults.test.ts).
  kill: (home, part) => {
    killAll(containerOf(home, part));
    return Promise.resolve();
  },
  pause: (home, part) => Promise.resolve(void docker('pause', containerOf(home, part))),
  resume: (home, part) => Promise.resolve(void docker('unpause', containerOf(home, part))),
  addresses: (home) =>
    Promise.resolve(
      containers(projectOf(home) ?? 'none')
        .flatMap((id) => docker('port', id))
        .map((line) => (line.split(' -> ')[1] ?? '').replace(/:\d+$/, '')),
    ),
  eventLog: (home) =>
    Promise.resolve(
      docker('exec', containerOf(home, 'spark'), 'cat', '/var/lib/orders-lakehouse/events/pipeline.jsonl'),
    ),
  portHolder: /(docker-proxy|rootlesskit|another program|dockerd)/,
  inventory: (folder) => ({
    ...inventory(),
    data: readdirSync(folder).filter((home) => existsSync(join(folder, home, 'data'))),
  }),
};
