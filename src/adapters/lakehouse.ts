/** Builds a Lakehouse from the adapters. What is heavy is a file of its own, loaded at first use. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { partFailure } from '../core/partFailure.ts';
import type { Broker, Doctor, Lakehouse, SubjectRegistry, Tables, TopicAdmin } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
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
  const open: { close(): Promise<void> }[] = [];

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
  /** A client is kept while the endpoints stay; a sandbox that came back elsewhere gets a new one. */
  const connected = <T extends { close(): Promise<void> }>(connect: (endpoints: Endpoints) => Promise<T>) => {
    let current: { key: string; client: Promise<T> } | undefined;
    return async (): Promise<T> => {
      const now = await endpoints();
      const key = JSON.stringify(now);
      if (current?.key !== key) {
        const client = connect(now);
        current = { key, client };
        open.push({ close: async () => (await client.catch(() => undefined))?.close() });
        client.catch(() => {
          current = undefined;
        });
      }
      return current.client;
    };
  };

  const registry = async (): Promise<SubjectRegistry> =>
    (await import('./schemaRegistry.ts')).createSchemaRegistry((await endpoints()).registryUrl);

  const ofKafka = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw await partFailure(error, 'kafka', () => runtime.status());
    }
  };
  const broker = connected<Broker>(async (at) => {
    const { createBroker } = await import('./kafka.ts');
    const made = await ofKafka(() => createBroker(at.bootstrap));
    return {
      ...made,
      producer: async () => {
        const producer = await ofKafka(() => made.producer());
        return { ...producer, send: (...args) => ofKafka(() => producer.send(...args)) };
      },
    };
  });

  const topicAdmin = connected<TopicAdmin>(async (at) => {
    const { createTopicAdmin } = await import('./kafkaAdmin.ts');
    return ofKafka(() => createTopicAdmin(at.bootstrap));
  });

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
      const { partitions } = await (await broker()).topic(topic);
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
    broker,
    topicAdmin,
    registry,
    encoder: async (format) => (await import('./codec.ts')).createOrderEncoder(await registry(), format),
    decoder: async (options) => (await import('./codec.ts')).createMessageDecoder(await registry(), options),
    messageEncoder: async () => (await import('./codec.ts')).createMessageEncoder(await registry()),
    avroBodies: async () => (await import('./codec.ts')).createBodyReader,
    files: createLocalFiles(layout.rejects),
    messageFiles: async () => (await import('./messageFiles.ts')).createMessageFiles(),
    tables: connected<Tables>(async (at) => (await import('./tables.ts')).createTables(at.sparkSql)),
    pipeline: {
      run: async (...args) =>
        (await import('./spark.ts')).createPipelineRunner(home, settings, tools).run(...args),
    },
    snapshots: async () => (await import('./snapshot.ts')).createSnapshots(home, settings, runtime),
    close: async () => {
      await Promise.all(open.splice(0).map((client) => client.close()));
    },
  };
}
