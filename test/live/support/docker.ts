/** What the engine itself says, by the docker command: another way than the product's. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As it was at first: a test may lead the product to its engine by a way that the test's own process carries. */
const env = { ...process.env };

/** Lines that `docker ARGS` prints. */
export function docker(...args: readonly string[]): readonly string[] {
  return execFileSync('docker', args, { encoding: 'utf8', env })
    .split('\n')
    .filter((line) => line !== '');
}

/** Everything that a sandbox may leave behind. */
export const inventory = (): Readonly<Record<string, readonly string[]>> => ({
  containers: docker('ps', '--all', '--quiet', '--no-trunc'),
  // By name: an engine that is started anew gives its own ones other ids.
  networks: docker('network', 'ls', '--format', '{{.Name}}'),
  volumes: docker('volume', 'ls', '--quiet'),
});

/** The compose project of a home; undefined for one that was never started. */
export function projectOf(home: string): string | undefined {
  const file = join(home, 'run', 'docker.json');
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { project: string }).project
    : undefined;
}

/** Ids of a project's containers, one part's or all. */
export const containers = (project: string, part?: string): readonly string[] =>
  docker(
    ...['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=com.docker.compose.project=${project}`],
    ...(part === undefined ? [] : ['--filter', `label=orders-lakehouse.part=${part}`]),
  );
