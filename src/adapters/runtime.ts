/** The runtime of a home: the one that runs, else the one that holds its data, else what a start chooses. */
import { existsSync } from 'node:fs';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { SandboxRuntime } from '../core/ports.ts';
import { chooseRuntime, type DockerFound } from '../core/runtimes.ts';
import type { RuntimeName, SandboxStatus } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { readRecord } from './docker/record.ts';
import { embeddedLog } from './embedded/log.ts';
import { statusOfHome } from './embedded/status.ts';
import { watchEmbedded } from './embedded/watch.ts';
import { homeLayout, type HomeLayout } from './home.ts';
import { lazyRuntime } from './lazyRuntime.ts';
import { watchFile } from './homeWatch.ts';

/** Which runtime a home was last started with; undefined for a new one. */
export function runtimeOf(layout: HomeLayout): RuntimeName | undefined {
  if (statusOfHome(layout.home).state !== 'stopped') return 'embedded';
  const docker = readRecord(layout.docker);
  if (docker?.wanted) return 'docker';
  if (existsSync(layout.kafka)) return 'embedded';
  return docker && 'docker';
}

/** ORDERS_LAKEHOUSE_RUNTIME says what "auto" takes, in the terminal and in the editor alike: tests need to be sure. */
export function meant(setting: Settings['runtime']): Settings['runtime'] {
  const fromEnvironment = process.env['ORDERS_LAKEHOUSE_RUNTIME'];
  const named = fromEnvironment === 'embedded' || fromEnvironment === 'docker' ? fromEnvironment : 'auto';
  return setting === 'auto' ? named : setting;
}

export const lookForDocker = async (): Promise<DockerFound> => (await import('./docker.ts')).lookForDocker();

/** Follows the runtime of a home, and the other one from when that is started. */
async function watchCurrent(
  layout: HomeLayout,
  watch: (name: RuntimeName, ...args: Parameters<SandboxRuntime['watch']>) => Promise<void>,
  onStatus: (status: SandboxStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const name = runtimeOf(layout) ?? 'embedded';
    const changed = new AbortController();
    const look = (): void => {
      try {
        if ((runtimeOf(layout) ?? 'embedded') === name) return;
      } catch {
        // Told by the next turn, to who waits for this watch.
      }
      changed.abort();
    };
    const ends = [layout.state, layout.docker].map((path) => watchFile(path, look));
    try {
      await watch(name, onStatus, AbortSignal.any([signal, changed.signal]));
    } finally {
      for (const end of ends) end();
    }
  }
}

export function createRuntime(home: string, settings: Settings): SandboxRuntime {
  const layout = homeLayout(home);
  const embedded = lazyRuntime(
    {
      home,
      status: () => Promise.resolve(statusOfHome(home)),
      watch: (onStatus, signal) => watchEmbedded(home, onStatus, signal),
      logs: (part, options, signal) => embeddedLog(layout, part, options, signal),
    },
    async () => (await import('./embedded.ts')).createEmbeddedRuntime(home, settings),
  );
  const docker = lazyRuntime({ home }, () => loadDocker());
  let loaded: Promise<SandboxRuntime> | undefined;
  const loadDocker = (): Promise<SandboxRuntime> =>
    (loaded ??= import('./docker.ts').then((module) => module.createDockerRuntime(home, settings)));
  const runtimes: Readonly<Record<RuntimeName, SandboxRuntime>> = { embedded, docker };
  const current = (): SandboxRuntime => runtimes[runtimeOf(layout) ?? 'embedded'];

  return {
    home,
    status: () => current().status(),
    watch: (onStatus, signal) =>
      watchCurrent(layout, (name, ...args) => runtimes[name].watch(...args), onStatus, signal),
    async plan() {
      const { runtime } = await chooseRuntime(meant(settings.runtime), runtimeOf(layout), lookForDocker);
      return runtimes[runtime].plan();
    },
    async up(onEvent, signal, asked = settings.runtime) {
      const setting = meant(asked);
      const running = await current().status();
      if (running.state !== 'stopped' && asked !== 'auto' && asked !== running.runtime) {
        throw new UserError(
          'other-runtime',
          t('This sandbox already runs with another runtime ({0}).', running.runtime),
          { hint: t('Stop it first: orders-lakehouse down') },
        );
      }
      const { runtime, why } =
        running.state === 'stopped'
          ? await chooseRuntime(setting, runtimeOf(layout), lookForDocker)
          : { runtime: running.runtime, why: t('Runtime: {0}, as it runs already.', running.runtime) };
      onEvent({ type: 'message', level: 'info', message: why });
      return runtimes[runtime].up(onEvent, signal, setting);
    },
    down: (onEvent) => current().down(onEvent),
    async reset(onEvent) {
      if (readRecord(layout.docker)) await docker.reset(onEvent);
      await embedded.reset(onEvent);
    },
    logs: (part, options, signal) => current().logs(part, options, signal),
  };
}
