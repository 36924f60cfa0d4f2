/** The data of the sandbox in Docker: volumes, reached through containers that are made for it and go away again. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OnEvent } from '../../core/events.ts';
import { PARTS, type PartName } from '../../core/sandbox.ts';
import type { Settings } from '../../core/settings.ts';
import { SNAPSHOT_STAMP } from '../../core/snapshot.ts';
import { endpointsOf } from '../embedded/parts/endpoints.ts';
import { choosePorts, rememberedPorts } from '../embedded/ports.ts';
import { writeAtomically } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { run } from '../process.ts';
import { LOCK_HELD, LOCK_PROBE, type DataPlace } from '../snapshot/dataPlace.ts';
import { findCompose, type Compose } from './compose.ts';
import { hostFor } from './containers.ts';
import type { Engine } from './engine.ts';
import { findEngine, reconnect, type FoundEngine } from './findEngine.ts';
import { prepareImages } from './images.ts';
import { projectName, readRecord, writeRecord } from './record.ts';
import { composeVariables, partPorts, sparkImageIsGiven } from './variables.ts';
import { arrange, clearStage, relocate, shellOf, swapAll, VOLUMES, WAREHOUSE } from './volumes.ts';

export function dockerData(layout: HomeLayout, settings: Settings): DataPlace {
  const project = projectName(layout.home);

  const find = async (): Promise<{ found: FoundEngine; compose: Compose }> => {
    const record = readRecord(layout.docker);
    const found = record
      ? { engine: await reconnect(record.engine), address: record.engine, host: hostFor(record) }
      : await findEngine();
    const variables = composeVariables(rememberedPorts(layout), settings);
    return { found, compose: await findCompose({ project, host: found.host, variables }) };
  };

  const bringImages = (compose: Compose, engine: Engine, onEvent: OnEvent, signal: AbortSignal) =>
    prepareImages({ compose, engine, buildSpark: !sparkImageIsGiven(settings) }, onEvent, signal);

  /** With containers that do not run, for as long as the work takes. */
  const withContainers = async <T>(
    onEvent: OnEvent,
    signal: AbortSignal,
    work: (found: FoundEngine, compose: Compose, idOf: (part: PartName) => string) => Promise<T>,
  ): Promise<T> => {
    const { found, compose } = await find();
    await bringImages(compose, found.engine, onEvent, signal);
    try {
      await compose.run(['up', '--no-start', '--no-build', '--remove-orphans'], { signal });
      const views = await found.engine.containers(project);
      return await work(found, compose, (part) => {
        const id = views.find((view) => view.part === part)?.id;
        if (id === undefined) throw new Error(`no container of ${part}`);
        return id;
      });
    } finally {
      // Volumes of a home that did not become Docker's are nobody's.
      const nobodys = readRecord(layout.docker) ? [] : ['--volumes'];
      await compose.run(['down', '--remove-orphans', ...nobodys]);
    }
  };

  return {
    name: `docker ${project}`,
    warehouse: WAREHOUSE,
    async hasRun() {
      const { compose } = await find();
      const lock = `${VOLUMES.spark.root}/pipeline.lock`;
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
        await withContainers(onEvent, signal, async ({ engine }, _compose, idOf) => {
          for (const part of PARTS) {
            const { root, folder: below, pieces } = VOLUMES[part];
            mkdirSync(join(folder, below), { recursive: true });
            for (const piece of pieces) {
              signal.throwIfAborted();
              await engine.copyOut(idOf(part), `${root}/${piece}`, join(folder, below));
            }
          }
        });
        if (existsSync(layout.lastRun)) copyFileSync(layout.lastRun, join(folder, SNAPSHOT_STAMP));
        return { folder, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    async prepare(onEvent, signal) {
      mkdirSync(layout.run, { recursive: true });
      const { found, compose } = await find();
      await bringImages(compose, found.engine, onEvent, signal);
    },
    async replace(folder, from, onEvent, signal) {
      const chosen = await choosePorts(settings.pinnedPorts, rememberedPorts(layout), onEvent);
      await withContainers(onEvent, signal, async ({ engine, address }, compose, idOf) => {
        const stage = join(folder, 'stage');
        for (const part of PARTS) arrange(folder, join(stage, part), part);
        try {
          for (const part of PARTS) {
            const shell = shellOf(compose, part, signal);
            const { stdout } = await shell(`${clearStage}; id -u`);
            await engine.copyIn(idOf(part), join(stage, part), VOLUMES[part].root, Number(stdout.trim()));
          }
          await relocate(shellOf(compose, 'spark', signal), from);
        } catch (error) {
          for (const part of PARTS) await shellOf(compose, part)(clearStage);
          throw error;
        }
        await swapAll(compose);
        // The home is Docker's from here on.
        writeAtomically(layout.ports, JSON.stringify(chosen));
        writeRecord(layout.docker, {
          project,
          engine: address,
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
