/**
 * The sandbox in containers: docker-compose.yml through `docker compose`, watched through the engine. A file of its own in
 * dist/, loaded at first use.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isUserError, throwIfCancelled } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { SandboxRuntime } from '../core/ports.ts';
import type { DockerFound } from '../core/runtimes.ts';
import type { PartName, PartStatus, SandboxStatus } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { tellingLines } from '../core/tellingLines.ts';
import { composeVersion, findCompose, type Compose } from './docker/compose.ts';
import { containerOf, hostFor } from './docker/containers.ts';
import type { ContainerView, Engine } from './docker/engine.ts';
import { findEngine, reconnect } from './docker/findEngine.ts';
import { missingImages, prepareImages } from './docker/images.ts';
import { projectName, readRecord, writeRecord, type DockerRecord } from './docker/record.ts';
import { engineGone, statusOf, stoppedStatus } from './docker/status.ts';
import { composeVariables, partPorts, sparkImageIsGiven } from './docker/variables.ts';
import { endedPart, followContainers, watchDocker } from './docker/watch.ts';
import { followLog, noLog } from './embedded/followLog.ts';
import { makeFolders } from './embedded/homeFolder.ts';
import { endpointsOf } from './embedded/parts/endpoints.ts';
import { choosePorts, rememberedPorts, type Ports } from './embedded/ports.ts';
import { writeAtomically } from './files.ts';
import { homeLayout } from './home.ts';
import { partFailed } from './partFailed.ts';
import { starting, stopping } from './homeLock.ts';

export { dockerData } from './docker/dataPlace.ts';
export { dockerPlace } from './docker/runnerPlace.ts';

/** Of the log of a part that failed. */
const KEPT_LINES = 5000;
/** Beside the logs of the embedded parts. */
const keptLog = (part: PartName): string => `docker-${part}`;
/** As long as the embedded Spark may take. */
const READY_TIMEOUT_MS = 300_000;

/** Whether a new sandbox could run in Docker. */
export async function lookForDocker(): Promise<DockerFound> {
  try {
    const { engine, address } = await findEngine();
    await composeVersion();
    return { usable: true, engine: `${engine.name}, ${address.from}` };
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { usable: false, error };
  }
}

export function createDockerRuntime(home: string, settings: Settings): SandboxRuntime {
  const layout = homeLayout(home);

  const composeFor = (ports: Partial<Ports>, host: string | null): Promise<Compose> =>
    findCompose({ project: projectName(home), host, variables: composeVariables(ports, settings) });

  const status = async (): Promise<SandboxStatus> => {
    const record = readRecord(layout.docker);
    if (!record?.wanted) return stoppedStatus(home);
    try {
      const engine = await reconnect(record.engine);
      return statusOf(home, record, await engine.containers(record.project));
    } catch (error) {
      if (!isUserError(error)) throw error;
      return engineGone(home, record, error.message);
    }
  };

  /** Under the lock. */
  const start = async (onEvent: OnEvent, signal: AbortSignal): Promise<void> => {
    const { engine, address, host } = await findEngine();
    const project = projectName(home);
    const there = await engine.containers(project, { measure: false });
    const ports = await choosePortsBeside(there, settings.pinnedPorts, rememberedPorts(layout), onEvent);
    writeAtomically(layout.ports, JSON.stringify(ports));
    const compose = await composeFor(ports, host);
    await prepareImages({ compose, engine, buildSpark: !sparkImageIsGiven(settings) }, onEvent, signal);
    throwIfCancelled(signal);
    const record: DockerRecord = {
      project,
      engine: address,
      wanted: true,
      ports: partPorts(ports),
      endpoints: endpointsOf(ports),
    };
    writeRecord(layout.docker, record);
    try {
      // One that is paused counts as running for compose.
      const paused = there.filter(({ state }) => state === 'paused').map(({ part }) => part);
      if (paused.length > 0) await compose.run(['unpause', ...paused], { signal });
      // One that dies again and again would be taken for one that dies at this start.
      const restless = there.filter(({ restarts, health }) => restarts > 0 && health !== 'healthy');
      if (restless.length > 0) await compose.run(['stop', ...restless.map(({ part }) => part)], { signal });
      await compose.run(['up', '--detach', '--no-build', '--remove-orphans'], { signal });
      await untilRunning({ engine, home, record }, onEvent, signal);
    } catch (error) {
      const failed = await logOfFailed(error, engine, project, layout.logs);
      // A script that still prepares its program does not hear that it shall end.
      await compose.run(['down', '--remove-orphans', '--timeout', '15']);
      writeRecord(layout.docker, { ...record, wanted: false });
      throw failed;
    }
  };

  /** Ends the containers, and with `--volumes` the data. */
  const end = async (onEvent: OnEvent, ...options: readonly string[]): Promise<void> => {
    const record = readRecord(layout.docker);
    if (!record) return;
    await reconnect(record.engine);
    const compose = await composeFor(rememberedPorts(layout), hostFor(record));
    const before = await status();
    tell(before.parts, 'stopping', onEvent);
    await compose.run(['down', '--remove-orphans', ...options]);
    tell(before.parts, 'stopped', onEvent);
    writeRecord(layout.docker, { ...record, wanted: false });
  };

  return {
    home,
    status,
    watch: (onStatus, signal) =>
      watchDocker(
        { home, recordPath: layout.docker, connect: (record) => reconnect(record.engine), onStatus },
        signal,
      ),
    async plan() {
      const { engine, host } = await findEngine();
      const compose = await composeFor(rememberedPorts(layout), host);
      return missingImages(await compose.images(), engine);
    },
    async up(onEvent, signal) {
      makeFolders(home, [layout.run]);
      return starting(layout, onEvent, signal, async (either) => {
        const now = await status();
        if (now.state === 'running') return now;
        await start(onEvent, either);
        return status();
      });
    },
    async down(onEvent) {
      if (readRecord(layout.docker)) await stopping(layout, () => end(onEvent));
    },
    async reset(onEvent) {
      if (!readRecord(layout.docker)) return;
      await stopping(layout, async () => {
        await end(onEvent, '--volumes');
        for (const path of [layout.docker, layout.data, layout.rejects, layout.logs]) {
          rmSync(path, { recursive: true, force: true });
        }
      });
    },
    async *logs(part, options, signal) {
      const record = readRecord(layout.docker);
      const container = record?.wanted ? await containerOf(record, part) : undefined;
      if (container) {
        const { engine, id, startedAt } = container;
        yield* engine.logs(id, { ...options, ...(options.sinceStart ? { since: startedAt } : {}) }, signal);
      } else if (existsSync(join(layout.logs, `${keptLog(part)}.log`))) {
        yield* followLog(layout.logs, keptLog(part), { ...options, follow: false }, signal);
      } else throw noLog(part);
    },
  };
}

/** Ports of containers that run are theirs; the others are looked at again. */
async function choosePortsBeside(
  there: readonly ContainerView[],
  pinned: Settings['pinnedPorts'],
  remembered: Partial<Ports>,
  onEvent: OnEvent,
): Promise<Ports> {
  const live = there.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state));
  const isTheirs = (name: string): boolean => live.some(({ part }) => name.startsWith(`${part}.`));
  const without = <T extends object>(ports: T): T =>
    Object.fromEntries(Object.entries(ports).filter(([name]) => !isTheirs(name))) as T;
  const chosen = await choosePorts(without(pinned), without(remembered), onEvent);
  const theirs = Object.fromEntries(Object.entries(remembered).filter(([name]) => isTheirs(name)));
  return { ...chosen, ...theirs };
}

function tell(parts: readonly PartStatus[], state: PartStatus['state'], onEvent: OnEvent): void {
  for (const { name, state: before } of parts) {
    if (before !== 'stopped') onEvent({ type: 'part', part: name, state });
  }
}

/** Resolves when every part answers. Throws UserError `part-failed`. */
async function untilRunning(
  { engine, home, record }: { readonly engine: Engine; readonly home: string; readonly record: DockerRecord },
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const told = new Map<PartName, string>();
  const late = AbortSignal.timeout(READY_TIMEOUT_MS);
  const done = new AbortController();
  let first: readonly ContainerView[] | undefined;
  let parts: readonly PartStatus[] = [];
  let failed: PartName | undefined;
  const look = (views: readonly ContainerView[]): void => {
    first ??= views;
    const now = statusOf(home, record, views);
    ({ parts } = now);
    for (const { name, state, message } of parts) {
      if (told.get(name) === state) continue;
      told.set(name, state);
      onEvent({ type: 'part', part: name, state, ...(message === undefined ? {} : { message }) });
    }
    failed = endedPart(views, first);
    if (failed !== undefined || now.state === 'running') done.abort();
  };
  await followContainers(engine, record.project, look, AbortSignal.any([signal, late, done.signal]));
  signal.throwIfAborted();
  if (failed === undefined && done.signal.aborted) return;
  const name = failed ?? parts.find(({ state }) => state !== 'running')?.name ?? 'kafka';
  const why =
    parts.find((part) => part.name === name)?.message ??
    t('did not answer within {0} s', READY_TIMEOUT_MS / 1000);
  throw new PartFailed(name, why);
}

/** Carries the part's name to where its log is still there. */
class PartFailed extends Error {
  readonly part: PartName;
  constructor(part: PartName, why: string) {
    super(why);
    this.part = part;
  }
}

/** The error with the telling lines of the part's log, which is kept: it goes away with the container. */
async function logOfFailed(
  error: unknown,
  engine: Engine,
  project: string,
  folder: string,
): Promise<unknown> {
  if (!(error instanceof PartFailed)) return error;
  const view = (await engine.containers(project, { measure: false })).find(({ part }) => part === error.part);
  const lines: string[] = [];
  if (view) {
    const { signal } = new AbortController();
    // Every start of it: at this moment it may be between two.
    const options = { lines: KEPT_LINES, follow: false };
    for await (const line of engine.logs(view.id, options, signal)) lines.push(line);
    mkdirSync(folder, { recursive: true });
    writeAtomically(join(folder, `${keptLog(error.part)}.log`), `${lines.join('\n')}\n`);
  }
  return partFailed(error.part, error.message, tellingLines(lines));
}
