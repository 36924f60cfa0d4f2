/** All that a sandbox holds and a person may look at: what two sandboxes must have in common to be equal. */
import { Kafka, logLevel } from 'kafkajs';
import type { SandboxStatus } from '../../../src/core/sandbox.ts';
import { cliJson } from './cli.ts';

export const READER = 'a-reader-of-the-squad';

const adminOf = async (home: string) => {
  const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
  const admin = new Kafka({ brokers: [endpoints?.bootstrap ?? ''], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return admin;
};

/** A consumer group that has read so far. */
export async function commitOffsets(home: string, topic: string, offset: string): Promise<void> {
  const admin = await adminOf(home);
  try {
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset }));
    await admin.setOffsets({ groupId: READER, topic, partitions });
  } finally {
    await admin.disconnect();
  }
}

const byPartition = <T extends { readonly partition: number }>(offsets: readonly T[]): readonly T[] =>
  [...offsets].sort((a, b) => a.partition - b.partition);

async function kafkaOf(home: string) {
  const admin = await adminOf(home);
  try {
    const [group] = await admin.fetchOffsets({ groupId: READER, topics: ['orders'] });
    return {
      offsets: byPartition(await admin.fetchTopicOffsets('orders')),
      group: byPartition(group?.partitions ?? []),
    };
  } finally {
    await admin.disconnect();
  }
}

async function schemasOf(home: string) {
  const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
  const url = endpoints?.registryUrl ?? '';
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  const subjects = (await get('/subjects')) as readonly string[];
  return Promise.all(
    [...subjects].sort().map(async (name) => [name, await get(`/subjects/${name}/versions/latest`)] as const),
  );
}

/** With what to_json leaves out by itself: NULLs, and the microseconds. */
const EXACTLY = `map('ignoreNullFields', 'false', 'timestampFormat', "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")`;

/** Every row of every table as JSON, sorted. */
async function tablesOf(home: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const query = async <Row>(sql: string) =>
    (await cliJson<{ rows: readonly Row[] }>(home, 'query', sql)).rows;
  const names: string[] = [];
  for (const schema of ['bronze', 'silver', 'gold']) {
    const tables = await query<{ tableName: string }>(`SHOW TABLES IN ${schema}`);
    names.push(...tables.map(({ tableName }) => `${schema}.${tableName}`));
  }
  // In one query: the start of each costs a second.
  const parts = names.map(
    (name) => `SELECT '${name}' AS name, to_json(struct(*), ${EXACTLY}) AS row FROM ${name}`,
  );
  const rows = await query<{ name: string; row: string }>(parts.join(' UNION ALL '));
  const of = (wanted: string) => rows.filter(({ name }) => name === wanted).map(({ row }) => row);
  return Object.fromEntries(names.map((name) => [name, of(name).sort()]));
}

export async function everythingIn(home: string) {
  const { messages } = await cliJson<{ messages: readonly unknown[] }>(home, 'read', 'orders');
  return {
    messages: messages.map((message) => JSON.stringify(message)).sort(),
    kafka: await kafkaOf(home),
    schemas: await schemasOf(home),
    tables: await tablesOf(home),
  };
}
