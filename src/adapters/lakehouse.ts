/** Builds a Lakehouse from the adapters. What is heavy is a file of its own, loaded at first use. */
import { sandboxAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { partFailure } from '../core/partFailure.ts';
import type { Doctor, Lakehouse, Tables } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { createCluster, keepClients } from './cluster.ts';
import { embeddedPlace } from './embedded/runnerPlace.ts';
import { createLocalFiles } from './localFiles.ts';
import { homeFolder, homeLayout } from './home.ts';
import { createRuntime, meant, runtimeOf } from './runtime.ts';
import type { RunnerTools } from './spark.ts';

export function createLakehouse(options: { readonly home?: string; readonly settings: Settings }): Lakehouse {
  const home = homeFolder(options.home);
  const { settings } = options;
  const layout = homeLayout(home);
  const runtime = createRuntime(home, settings);

  const endpoints = async (): Promise<Endpoints> => {
    const { endpoints: at, state, parts } = await runtime.status();
    if (at && state !== 'stopped') return at;
    // The engine that holds them does not answer.
    const lost = parts.find(({ state: one }) => one === 'failed')?.message;
    if (lost !== undefined) {
      throw new UserError('sandbox-unreachable', lost, {
        hint: t('Start Docker, then the sandbox again: orders-lakehouse up'),
      });
    }
    throw new UserError('sandbox-stopped', t('The sandbox is not running.'), {
      hint: t('Start it first: orders-lakehouse up'),
      action: { title: t('Start sandbox'), command: 'ordersLakehouse.start' },
    });
  };
  const clients = keepClients(endpoints);
  const cluster = createCluster(
    async () => sandboxAccess(await endpoints()),
    async (work) => {
      try {
        return await work();
      } catch (error) {
        throw await partFailure(error, 'kafka', () => runtime.status());
      }
    },
  );

  const doctor = async (): Promise<Doctor> =>
    (await import('./doctor.ts')).createDoctor({
      layout,
      settings,
      setting: (asked = settings.runtime) => meant(asked),
      held: () => runtimeOf(layout),
      status: () => runtime.status(),
    });

  const tools: RunnerTools = {
    place: async (at, project) =>
      runtimeOf(layout) === 'docker'
        ? (await import('./docker.ts')).dockerPlace(layout, project)
        : embeddedPlace(layout, at, project),
    endOffsets: async (topic) => {
      const { partitions } = await (await cluster.broker()).topic(topic);
      return Object.fromEntries(partitions.map(({ id, high }) => [String(id), high]));
    },
  };

  return {
    home,
    runtime,
    doctor: {
      look: async (...args) => (await doctor()).look(...args),
      mend: async (what, onEvent) => (await doctor()).mend(what, onEvent),
    },
    endpoints,
    ...cluster,
    encoder: async (format) =>
      (await import('./codec.ts')).createOrderEncoder(await cluster.registry(), format),
    files: createLocalFiles(layout.rejects),
    messageFiles: async () => (await import('./messageFiles.ts')).createMessageFiles(),
    tables: clients.kept<Tables>(async (at) => (await import('./tables.ts')).createTables(at.sparkSql)),
    pipeline: {
      run: async (...args) =>
        (await import('./spark.ts')).createPipelineRunner(home, settings, tools).run(...args),
    },
    projects: async () => (await import('./projects.ts')).createProjects(),
    snapshots: async () => (await import('./snapshot.ts')).createSnapshots(home, settings, runtime),
    close: async () => {
      await Promise.all([clients.close(), cluster.close()]);
    },
  };
}
