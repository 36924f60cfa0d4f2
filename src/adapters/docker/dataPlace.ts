/**
 * The data of the sandbox in Docker: volumes, reached through containers that are made for it and go away again. What is
 * restored is put beside what is there, inside the volumes, and changes places with it by renames.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PartName } from '../../core/sandbox.ts';
import type { OnEvent } from '../../core/events.ts';
import type { Settings } from '../../core/settings.ts';
import { SNAPSHOT_STAMP } from '../../core/snapshot.ts';
import { choosePorts, type Ports } from '../embedded/ports.ts';
import { readJson, writeAtomically } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { run, type Finished } from '../process.ts';
import { LOCK_HELD, LOCK_PROBE, type DataPlace } from '../snapshot/dataPlace.ts';
import { mustHaveMoved, relocation, toolArguments } from '../snapshot/metastore.ts';
import { findCompose, type Compose } from './compose.ts';
import { hostFor } from './containers.ts';
import type { Engine } from './engine.ts';
import { findEngine, reconnect, type FoundEngine } from './findEngine.ts';
import { prepareImages } from './images.ts';
import { projectName, readRecord, writeRecord } from './record.ts';
import { composeVariables, endpointsOf, partPorts } from './variables.ts';

/** Where each part keeps what (docker-compose.yml); `pieces` are paths below the root, there and in a home's `data`. */
const ROOTS = {
  kafka: { root: '/var/lib/kafka/data', folder: 'kafka', pieces: ['log', 'metadata'] },
  // The rest of that volume is no data.
  registry: { root: '/var/tmp', folder: 'registry', pieces: ['registry.mv.db'] },
  spark: {
    root: '/var/lib/orders-lakehouse',
    folder: '',
    pieces: ['warehouse', 'metastore', 'checkpoints', 'events'],
  },
} as const satisfies Record<PartName, { root: string; folder: string; pieces: readonly string[] }>;
const PARTS = Object.keys(ROOTS) as (keyof typeof ROOTS)[];
const WAREHOUSE = `${ROOTS.spark.root}/warehouse`;

const INCOMING = '.incoming';
const REPLACED = '.replaced';
/** There once all of the old data has been put aside. */
const ALL_ASIDE = `${REPLACED}/.all`;

export function dockerData(layout: HomeLayout, settings: Settings): DataPlace {
  const project = projectName(layout.home);
  const ports = (): Partial<Ports> => (readJson(layout.ports) as Partial<Ports> | undefined) ?? {};

  const find = async (): Promise<{ found: FoundEngine; compose: Compose }> => {
    const record = readRecord(layout.docker);
    const found = record
      ? { engine: await reconnect(record.engine), address: record.engine, host: hostFor(record) }
      : await findEngine();
    const variables = composeVariables(ports(), settings);
    return { found, compose: await findCompose({ project, host: found.host, variables }) };
  };

  /** With containers that do not run, for as long as the work takes. */
  const withContainers = async <T>(
    onEvent: OnEvent,
    signal: AbortSignal,
    work: (engine: Engine, compose: Compose, idOf: (part: PartName) => string) => Promise<T>,
  ): Promise<T> => {
    const { found, compose } = await find();
    await prepareImages(compose, found.engine, onEvent, signal);
    try {
      await compose.run(['up', '--no-start', '--no-build', '--remove-orphans'], { signal });
      const views = await found.engine.containers(project);
      return await work(found.engine, compose, (part) => {
        const id = views.find((view) => view.part === part)?.id;
        if (id === undefined) throw new Error(`no container of ${part}`);
        return id;
      });
    } finally {
      await compose.run(['down', '--remove-orphans']);
    }
  };

  return {
    name: `docker ${project}`,
    warehouse: WAREHOUSE,
    async hasRun() {
      const { compose } = await find();
      const lock = `${ROOTS.spark.root}/pipeline.lock`;
      const { code } = await run(
        compose.command(['exec', '--no-TTY', 'spark', 'python', '-c', LOCK_PROBE, lock]),
        { timeoutMs: 30_000 },
      );
      return code === LOCK_HELD;
    },
    async collect(onEvent, signal) {
      const folder = join(layout.run, `collected-${Date.now()}`);
      const release = (): void => {
        rmSync(folder, { recursive: true, force: true });
      };
      try {
        await withContainers(onEvent, signal, async (engine, _compose, idOf) => {
          for (const part of PARTS) {
            const { root, folder: below, pieces } = ROOTS[part];
            mkdirSync(join(folder, below), { recursive: true });
            for (const piece of pieces) {
              signal.throwIfAborted();
              await engine.copyOut(idOf(part), `${root}/${piece}`, join(folder, below));
            }
          }
        });
        if (existsSync(layout.lastRun)) renameCopy(layout.lastRun, folder);
        return { folder, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    async prepare(onEvent, signal) {
      mkdirSync(layout.run, { recursive: true });
      const { found, compose } = await find();
      await prepareImages(compose, found.engine, onEvent, signal);
    },
    async replace(folder, from, onEvent, signal) {
      const { found } = await find();
      await withContainers(onEvent, signal, async (engine, compose, idOf) => {
        const stage = join(folder, 'stage');
        for (const part of PARTS) arrange(folder, join(stage, part), part);
        try {
          for (const part of PARTS) {
            const shell = shellOf(compose, part, signal);
            const { stdout } = await shell(`rm -rf ${INCOMING} ${REPLACED}; id -u`);
            await engine.copyIn(idOf(part), join(stage, part), ROOTS[part].root, Number(stdout.trim()));
          }
          await relocate(shellOf(compose, 'spark', signal), from);
        } catch (error) {
          for (const part of PARTS) await shellOf(compose, part)(`rm -rf ${INCOMING}`);
          throw error;
        }
        await swap(compose);
        // The home is Docker's from here on.
        const chosen = await choosePorts(settings.pinnedPorts, ports(), onEvent);
        writeAtomically(layout.ports, JSON.stringify(chosen));
        writeRecord(layout.docker, {
          project,
          engine: found.address,
          wanted: false,
          ports: partPorts(chosen),
          endpoints: endpointsOf(chosen),
        });
        mkdirSync(layout.data, { recursive: true });
        rmSync(layout.lastRun, { force: true });
        const stamp = join(folder, SNAPSHOT_STAMP);
        if (existsSync(stamp)) renameSync(stamp, layout.lastRun);
      });
    },
    async clear() {
      const { compose } = await find();
      await compose.run(['down', '--volumes', '--remove-orphans']);
      rmSync(layout.docker, { force: true });
    },
  };
}

type Shell = (script: string, ...args: readonly string[]) => Promise<Finished>;

/** Runs a script in a part's image, in the root of its data, as its user. */
function shellOf(compose: Compose, part: keyof typeof ROOTS, signal?: AbortSignal): Shell {
  const options = ['run', '--rm', '--no-deps', '--no-TTY', '--workdir', ROOTS[part].root];
  return (script, ...args) =>
    compose.run([...options, '--entrypoint', 'bash', part, '-c', script, 'bash', ...args], {
      ...(signal ? { signal } : {}),
    });
}

/** Lays out what one volume gets, as it will lie in it. */
function arrange(folder: string, stage: string, part: keyof typeof ROOTS): void {
  const incoming = join(stage, INCOMING);
  mkdirSync(incoming, { recursive: true });
  const source = join(folder, ROOTS[part].folder);
  const there = existsSync(source) ? readdirSync(source) : [];
  for (const piece of ROOTS[part].pieces.filter((one) => there.includes(one)))
    renameSync(join(source, piece), join(incoming, piece));
}

async function relocate(shell: Shell, from: string): Promise<void> {
  if (from === WAREHOUSE) return;
  const database = `${ROOTS.spark.root}/${INCOMING}`;
  const tool = ['"$JAVA_HOME/bin/java"', '-cp', '"$SPARK_HOME/jars/*"', ...toolArguments(database)].join(' ');
  const script = `if [ -e ${INCOMING}/metastore ]; then printf %s "$1" >/tmp/relocation.sql && ${tool} /tmp/relocation.sql; else echo '0 rows updated'; fi`;
  mustHaveMoved(await shell(script, relocation(from, WAREHOUSE)));
}

/** All three volumes or none. */
async function swap(compose: Compose): Promise<void> {
  const begun: (keyof typeof ROOTS)[] = [];
  try {
    for (const part of PARTS) {
      begun.push(part);
      const pieces = ROOTS[part].pieces.join(' ');
      await shellOf(
        compose,
        part,
      )(
        `set -e; mkdir ${REPLACED}; for one in ${pieces}; do if [ -e $one ]; then mv $one ${REPLACED}/; fi; done; ` +
          `: >${ALL_ASIDE}; for one in ${pieces}; do if [ -e ${INCOMING}/$one ]; then mv ${INCOMING}/$one .; fi; done`,
      );
    }
  } catch (error) {
    for (const part of begun) {
      const pieces = ROOTS[part].pieces.join(' ');
      await shellOf(
        compose,
        part,
      )(
        `if [ -e ${ALL_ASIDE} ]; then rm -rf ${pieces}; fi; ` +
          `for one in ${pieces}; do if [ -e ${REPLACED}/$one ]; then mv ${REPLACED}/$one .; fi; done; rm -rf ${REPLACED} ${INCOMING}`,
      );
    }
    throw error;
  }
  for (const part of PARTS) await shellOf(compose, part)(`rm -rf ${REPLACED} ${INCOMING}`);
}

function renameCopy(file: string, folder: string): void {
  writeAtomically(join(folder, basename(file)), JSON.stringify(readJson(file)));
}
