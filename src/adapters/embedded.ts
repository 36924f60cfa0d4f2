/**
 * The sandbox without containers: the real programs, kept running by a supervisor of their own. A file of its own in
 * dist/, loaded at first use.
 */
import { existsSync, rmSync } from 'node:fs';
import { throwIfCancelled } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { SandboxRuntime } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';
import { embeddedLog } from './embedded/log.ts';
import { install } from './embedded/install.ts';
import { kafkaPart, prepareKafka } from './embedded/parts/kafka.ts';
import { registryPart, requireCompatibility } from './embedded/parts/registry.ts';
import { sparkPart } from './embedded/parts/spark.ts';
import { choosePorts, rememberedPorts } from './embedded/ports.ts';
import { endpointsOf } from './embedded/parts/endpoints.ts';
import { findPython } from './embedded/python.ts';
import { rotateLogs } from './embedded/rotateLogs.ts';
import { statusOf, statusOfHome } from './embedded/status.ts';
import { endAll, spawnSupervisor, untilRunning } from './embedded/supervisorProcess.ts';
import { watchEmbedded } from './embedded/watch.ts';
import { downloadPlan, targetsIn } from './embedded/targets.ts';
import { readVersions } from './embedded/versions.ts';
import { writeAtomically } from './files.ts';
import { cacheFolder, homeLayout, type HomeLayout } from './home.ts';
import { starting, stopping } from './homeLock.ts';
import { run } from './process.ts';
import type { Launch } from './supervisor/launch.ts';
import { readState } from './supervisor/stateFile.ts';
import { requireHome } from './embedded/homeFolder.ts';

export { embeddedData } from './embedded/dataPlace.ts';

export function createEmbeddedRuntime(home: string, settings: Settings): SandboxRuntime {
  const layout = homeLayout(home);
  const status: SandboxRuntime['status'] = () => Promise.resolve(statusOfHome(home));

  const prepare = async (onEvent: OnEvent, signal: AbortSignal): Promise<Launch> => {
    const versions = readVersions();
    const python = await findPython(settings.python, versions);
    const cache = cacheFolder();
    const installed = await install({ cache, python, versions, onEvent, signal });
    const ports = await choosePorts(settings.pinnedPorts, rememberedPorts(layout), onEvent);
    writeAtomically(layout.ports, JSON.stringify(ports));
    writeAtomically(layout.installed, JSON.stringify(installed, undefined, 2));
    rotateLogs(layout.logs);
    const context = {
      layout,
      settings,
      ports,
      installed,
      java: installed.java,
      archives: installed.archives,
    };
    const format = prepareKafka(context);
    if (format) {
      const done = await run(format, { signal });
      if (done.code !== 0) throw new Error(`Kafka's storage could not be formatted: ${done.tail.join('\n')}`);
    }
    return {
      stateFile: layout.state,
      endpoints: endpointsOf(ports),
      parts: [kafkaPart(context), registryPart(context), sparkPart(context)],
    };
  };

  /** Under the lock, with nothing running. */
  const start = async (onEvent: OnEvent, signal: AbortSignal): Promise<void> => {
    const launch = await prepare(onEvent, signal);
    throwIfCancelled(signal);
    spawnSupervisor(layout, launch);
    try {
      await untilRunning(layout, onEvent, signal);
      await requireCompatibility(launch.endpoints.registryUrl);
    } catch (error) {
      await endAll(layout, onEvent);
      throw error;
    }
  };

  return {
    home,
    status,
    async plan() {
      const versions = readVersions();
      const python = await findPython(settings.python, versions);
      return downloadPlan(targetsIn(cacheFolder(), python, versions), versions);
    },
    async up(onEvent, signal) {
      requireHome(layout);
      return starting(layout, onEvent, signal, async (either) => {
        const now = await status();
        if (now.state === 'running') return now;
        if (!(await settleOrEnd(layout, onEvent, either))) await start(onEvent, either);
        return status();
      });
    },
    async down(onEvent) {
      if (existsSync(layout.run)) await stopping(layout, () => endAll(layout, onEvent));
    },
    async reset(onEvent) {
      if (!existsSync(home)) return;
      await stopping(layout, async () => {
        await endAll(layout, onEvent);
        for (const folder of [layout.data, layout.rejects, layout.logs]) {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    },
    watch: (onStatus, signal) => watchEmbedded(home, onStatus, signal),
    logs: (part, options, signal) => embeddedLog(layout, part, options, signal),
  };
}

/**
 * A sandbox that was left starting or restarting is waited for; one that cannot come back by itself is ended.
 * Returns whether it runs.
 */
async function settleOrEnd(layout: HomeLayout, onEvent: OnEvent, signal: AbortSignal): Promise<boolean> {
  const file = readState(layout.state);
  if (!file) return false;
  const { state, parts } = statusOf(layout.home, file);
  if (state !== 'stopped' && state !== 'stopping' && !parts.some(({ state: one }) => one === 'failed')) {
    const supervised = parts.every((part) => part.message === undefined);
    if (supervised || state === 'starting') {
      await untilRunning(layout, onEvent, signal);
      return true;
    }
    onEvent({
      type: 'message',
      level: 'warning',
      message: t('Parts were left running; they are ended first.'),
    });
  }
  await endAll(layout, onEvent);
  return false;
}
