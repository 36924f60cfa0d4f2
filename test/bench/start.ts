/** What starting costs: without Docker, in Docker, and by `docker compose up` of the same file without us. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeVariables } from '../../src/adapters/docker/variables.ts';
import { choosePorts } from '../../src/adapters/embedded/ports.ts';
import { resourceFolder } from '../../src/adapters/resources.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { cli, runProgram } from './child.ts';
import { interleaved, ratios, spread } from './measure.ts';
import { residentBytes } from './memory.ts';
import { markdownTable, mebibytes } from './report.ts';

const ROUNDS = 2;
/** Order lines of a home that is not empty. */
const ORDERS = 10_000;

interface Started {
  /** Seconds until every part answers: in a new home, and once more. */
  readonly first: number;
  readonly again: number;
  /** Seconds of a third start, of a home with orders and tables; where it can be filled. */
  readonly filled?: number;
  /** Resident bytes of all parts after the second start. */
  readonly bytes: number;
}

interface Side {
  up(): Promise<number>;
  down(): Promise<unknown>;
  /** Sends orders and runs the pipeline. */
  readonly fill?: () => Promise<unknown>;
  /** The processes whose children count too. */
  pids(): Promise<readonly number[]>;
  /** Data, containers and volumes. */
  remove(): Promise<unknown>;
}

async function measure(side: Side): Promise<Started> {
  try {
    const first = await side.up();
    await side.down();
    const again = await side.up();
    const bytes = await residentBytes(await side.pids());
    if (!side.fill) return { first, again, bytes };
    await side.fill();
    await side.down();
    return { first, again, bytes, filled: await side.up() };
  } finally {
    await side.remove();
  }
}

async function containerPids(filter: string): Promise<readonly number[]> {
  const { stdout } = await runProgram('docker', ['ps', '--quiet', '--filter', filter]);
  const inspected = await runProgram('docker', [
    ...['inspect', '--format', '{{.State.Pid}}'],
    ...stdout.trim().split('\n'),
  ]);
  return inspected.stdout.trim().split('\n').map(Number);
}

function ours(runtime: 'embedded' | 'docker'): Side {
  const home = mkdtempSync(join(tmpdir(), `orders-lakehouse-bench-${runtime}-`));
  return {
    up: async () => (await cli(home, ['up', '--runtime', runtime])).seconds,
    down: () => cli(home, ['down']),
    fill: async () => {
      await cli(home, ['produce', '--count', String(ORDERS), '--seed', '1']);
      await cli(home, ['run']);
    },
    async pids() {
      const status = JSON.parse((await cli(home, ['status'])).stdout) as SandboxStatus;
      if (status.supervisor) return [status.supervisor.pid];
      const { kafka } = Object.fromEntries(status.parts.map((part) => [part.name, part.ports]));
      const [one = 0] = Object.values(kafka ?? {});
      const { stdout } = await runProgram('docker', [
        ...['ps', '--filter', `publish=${one}`],
        ...['--format', '{{.Label "com.docker.compose.project"}}'],
      ]);
      return containerPids(`label=com.docker.compose.project=${stdout.trim()}`);
    },
    async remove() {
      if (existsSync(home)) await cli(home, ['reset', '--yes']);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** `docker compose up` as a person types it, with the same heaps, limits and images. */
async function byHand(): Promise<Side> {
  const project = `orders-bench-${process.pid}`;
  const ports = await choosePorts({}, {}, () => undefined);
  const env = { ...composeVariables(ports, DEFAULT_SETTINGS) };
  const compose = (...args: readonly string[]) =>
    runProgram(
      'docker',
      ['compose', '--project-name', project, '--file', join(resourceFolder(), 'docker-compose.yml'), ...args],
      { env },
    );
  return {
    up: async () => (await compose('up', '--wait', '--no-build')).seconds,
    down: () => compose('down'),
    pids: () => containerPids(`label=com.docker.compose.project=${project}`),
    remove: () => compose('down', '--volumes'),
  };
}

/** As `npm run images` leaves them, where no image registry can be reached. */
const packagesAtHand = (): boolean =>
  existsSync(join(resourceFolder(), 'sandbox', 'images', 'packages', 'spark', 'python'));

/** What building the Spark image takes, nothing of it there: the first start in Docker does. */
export async function benchImage(): Promise<string> {
  const sandbox = join(resourceFolder(), 'sandbox');
  const image = `orders-lakehouse/bench:${process.pid}`;
  const base = process.env['ORDERS_LAKEHOUSE_BASE_IMAGE'];
  const { seconds } = await runProgram('docker', [
    ...['build', '--no-cache', '--quiet', '--tag', image],
    ...['--file', join(sandbox, 'images', 'spark', 'Dockerfile')],
    ...(base === undefined ? [] : ['--build-arg', `BASE_IMAGE=${base}`]),
    sandbox,
  ]);
  await runProgram('docker', ['image', 'rm', '--force', image]);
  const packages = packagesAtHand() ? 'its packages at hand' : 'with downloads';
  return `The Spark image, which the first start in Docker builds: ${seconds.toFixed(0)} s from nothing, ${packages}.`;
}

export async function benchStart(): Promise<string> {
  // Before the first round: downloads, and the image of Spark.
  for (const runtime of ['embedded', 'docker'] as const) {
    const { fill: _, ...side } = ours(runtime);
    await measure(side);
  }
  const sides = await interleaved(ROUNDS, {
    embedded: () => measure(ours('embedded')),
    docker: () => measure(ours('docker')),
    bare: async () => measure(await byHand()),
  });
  const seconds = (name: keyof typeof sides, which: 'first' | 'again' | 'filled') =>
    sides[name].map((one) => one[which]).filter((one) => one !== undefined);
  const rows = (
    [
      ['`up --runtime embedded`', 'embedded'],
      ['`up --runtime docker`', 'docker'],
      ['`docker compose up --wait`, the same file', 'bare'],
    ] as const
  ).map(([title, name]) => [
    title,
    spread(seconds(name, 'first'), 1),
    spread(seconds(name, 'again'), 1),
    spread(ratios(seconds(name, 'again'), seconds('bare', 'again'))),
    seconds(name, 'filled').length === 0 ? '' : spread(seconds(name, 'filled'), 1),
    mebibytes(Math.max(...sides[name].map(({ bytes }) => bytes))),
  ]);
  return [
    markdownTable(
      ['', 'seconds, new', 'seconds, again', '÷ bare compose', 'seconds, with data', 'MiB resident'],
      rows,
    ),
    '',
    `Until every part answers, downloads and images there; ${ROUNDS} rounds in turns. Again: the same home, without orders or tables, stopped and started once more. With data: ${ORDERS.toLocaleString('en')} order lines and the tables of a run, stopped and started a third time. Resident memory of all processes, the largest round.`,
  ].join('\n');
}
