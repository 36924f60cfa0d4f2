/**
 * The runner of the sandbox in containers: beside Spark, with the Python of its image. The project and the runner
 * of this product are copied in at each run, so that what runs is what lies here, whatever the image holds.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HomeLayout } from '../home.ts';
import { run } from '../process.ts';
import { resourceFolder } from '../resources.ts';
import type { RunnerPlace } from '../spark.ts';
import { findCompose } from './compose.ts';
import { containerOf, hostFor, sandboxStopped } from './containers.ts';
import { readRecord } from './record.ts';

/** Folders in the container: its volume, and one that goes away with it. */
const DATA = '/var/lib/orders-lakehouse';
const WORK = '/tmp/orders-lakehouse';
/** As in sandbox/images/spark/Dockerfile. */
const SPARK_USER = 185;

/** What runs in a container ends a moment before the engine says so of the container. */
const TRIES = 4;
const POLL_MS = 500;

/** Throws UserError `sandbox-stopped`. */
export async function dockerPlace(layout: HomeLayout, project: string): Promise<RunnerPlace> {
  const record = readRecord(layout.docker);
  if (!record?.wanted) throw sandboxStopped();
  const compose = await findCompose({ project: record.project, host: hostFor(record), variables: {} });
  const exec = (...args: readonly string[]) => compose.command(['exec', '--no-TTY', ...args]);
  // A folder for each run: one that is refused must not overwrite the files of the one that runs.
  let spark: { readonly id: string; readonly since: string } | undefined;
  const work = `${WORK}/${Date.now()}-${process.pid}`;
  return {
    prepare: async () => {
      const container = await containerOf(record, 'spark');
      if (!container) throw sandboxStopped();
      spark = container;
      const folders = [`${work}/runner`, `${work}/project`, `${DATA}/events`];
      const stale = `find ${WORK} -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +`;
      const made = await run(exec('spark', 'sh', '-c', `mkdir -p ${folders.join(' ')} && ${stale}`));
      if (made.code !== 0) throw new Error(`no folder in the container: ${made.tail.join(' ')}`);
      const { engine, id } = container;
      await engine.copyIn(id, join(resourceFolder(), 'sandbox', 'runner'), `${work}/runner`, SPARK_USER);
      await engine.copyIn(id, project, `${work}/project`, SPARK_USER);
      const environment = ['--env', 'PYTHONUNBUFFERED=1', '--env', 'PYTHONDONTWRITEBYTECODE=1'];
      return exec(...environment, '--workdir', work, 'spark', 'python', '-m', 'runner.run');
    },
    apart: true,
    request: {
      sparkRemote: 'sc://127.0.0.1:15002',
      project: `${work}/project`,
      storage: `${DATA}/checkpoints`,
      eventLog: `${DATA}/events/pipeline.jsonl`,
      lockFile: `${DATA}/pipeline.lock`,
    },
    bootstrap: 'kafka:19092',
    registryUrl: 'http://registry:8080/apis/ccompat/v7',
    name: `docker ${record.project}`,
    isThere: async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const now = await containerOf(record, 'spark');
        if (now?.id !== spark?.id || now?.since !== spark?.since) return false;
        await sleep(POLL_MS);
      }
      return true;
    },
    tableVersions: async (tables) => {
      const logs = Object.keys(tables).map(
        (name) => `${DATA}/warehouse/${name.replace('.', '.db/')}/_delta_log`,
      );
      const found = await run(exec('spark', 'find', ...logs, '-maxdepth', '1', '-name', '*.json'));
      return newestVersions(tables, found.stdout);
    },
  };
}

/** Of paths `…/SCHEMA.db/TABLE/_delta_log/%020d.json`, one a line. */
export function newestVersions(tables: readonly string[], paths: string): Record<string, number> {
  const newest = Object.fromEntries(tables.map((name) => [name, -1]));
  for (const [, schema = '', table = '', version] of paths.matchAll(
    /\/([^/]+)\.db\/([^/]+)\/_delta_log\/(\d{20})\.json$/gm,
  )) {
    const name = `${schema}.${table}`;
    if (name in newest) newest[name] = Math.max(newest[name] ?? -1, Number(version));
  }
  return newest;
}
