/** A cluster from its access; what is heavy is a file of its own, loaded at first use. */
import type { ClusterAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Broker, Cluster, SubjectRegistry, TopicAdmin } from '../core/ports.ts';
import { NO_REGISTRY } from './noRegistry.ts';

export type ClosingCluster = Cluster & { close(): Promise<void> };

/** A client is kept while the access stays; what came back elsewhere gets a new one. */
export function keepClients<A>(access: () => Promise<A>) {
  const open: { close(): Promise<void> }[] = [];
  const forgets: (() => void)[] = [];
  const kept = <T extends { close?(): Promise<void> }>(connect: (access: A) => Promise<T>) => {
    let current: { key: string; client: Promise<T> } | undefined;
    forgets.push(() => (current = undefined));
    return async (): Promise<T> => {
      const now = await access();
      const key = JSON.stringify(now);
      if (current?.key !== key) {
        const client = connect(now);
        current = { key, client };
        open.push({ close: async () => (await client.catch(() => undefined))?.close?.() });
        client.catch(() => {
          if (current?.client === client) current = undefined;
        });
      }
      return current.client;
    };
  };
  const close = async (): Promise<void> => {
    for (const forget of forgets) forget();
    await Promise.all(open.splice(0).map((client) => client.close()));
  };
  return { kept, close };
}

const identity = <T>(work: () => Promise<T>): Promise<T> => work();

/** `ofKafka` sees each call that may fail for what is wrong with the broker. */
export function createCluster(access: () => Promise<ClusterAccess>, ofKafka = identity): ClosingCluster {
  const { kept, close } = keepClients(access);
  // Kept too, so that a login's token serves all.
  const registry = kept<SubjectRegistry & { close?(): Promise<void> }>(
    async ({ registry: at, connection }) => {
      if (!at) {
        throw new UserError('no-registry', t('{0} has no schema registry.', connection?.name ?? ''), {
          hint: t('Name its address in the connection.'),
        });
      }
      return (await import('./schemaRegistry.ts')).createSchemaRegistry(at, connection);
    },
  );
  /** Messages can be read without a registry; what a schema wrote then stays bytes. */
  const readingRegistry = async (): Promise<typeof NO_REGISTRY> =>
    (await access()).registry ? registry() : NO_REGISTRY;
  return {
    broker: kept<Broker>(async (at) => {
      const { createBroker } = await import('./kafkaClients.ts');
      const made = await ofKafka(() => createBroker(at));
      return {
        ...made,
        producer: async () => {
          const producer = await ofKafka(() => made.producer());
          return { ...producer, send: (...args) => ofKafka(() => producer.send(...args)) };
        },
      };
    }),
    topicAdmin: kept<TopicAdmin>(async (at) => {
      const { createTopicAdmin } = await import('./kafkaClients.ts');
      return ofKafka(() => createTopicAdmin(at));
    }),
    registry,
    decoder: async (options) =>
      (await import('./codec.ts')).createMessageDecoder(await readingRegistry(), options),
    messageEncoder: async () => (await import('./codec.ts')).createMessageEncoder(await readingRegistry()),
    avroBodies: async () => (await import('./codec.ts')).createBodyReader,
    jsonTrials: async () => (await import('./jsonValidator.ts')).createJsonTrial,
    protobufTrials: async () => (await import('./protobuf.ts')).createProtobufTrials,
    close,
  };
}
