/** docker-compose.yml by hand, as its first lines say: no program of ours but what is in the containers. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { containers, inventory } from './support/docker.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FILE = join(ROOT, 'docker-compose.yml');
const SCHEMA = join(ROOT, 'sandbox', 'schemas', 'orders-value.avsc');
const PROJECT = `orders-by-hand-${process.pid}`;

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

describe('docker-compose.yml by hand', function () {
  this.timeout(600_000);
  let env: NodeJS.ProcessEnv;
  let broker: number;
  let registryUrl: string;
  let initial: ReturnType<typeof inventory>;

  const compose = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('docker', ['compose', '--file', FILE, ...args], { env })).stdout;

  before(async () => {
    const [kafka = 0, http = 0, connect = 0, sql = 0] = await freePorts(4);
    broker = kafka;
    registryUrl = `http://127.0.0.1:${http}/apis/ccompat/v7`;
    env = {
      ...process.env,
      COMPOSE_PROJECT_NAME: PROJECT,
      ORDERS_LAKEHOUSE_KAFKA_PORT: String(kafka),
      ORDERS_LAKEHOUSE_REGISTRY_PORT: String(http),
      ORDERS_LAKEHOUSE_SPARK_CONNECT_PORT: String(connect),
      ORDERS_LAKEHOUSE_SPARK_SQL_PORT: String(sql),
    };
    initial = inventory();
  });
  after(() => compose('down', '--volumes'));

  it('comes up healthy, and its ports answer', async () => {
    await compose('up', '--wait', '--no-build');
    assert.equal(containers(PROJECT).length, 3);
    assert.equal((await fetch(`${registryUrl}/subjects`)).status, 200);
  });

  it('runs the pipeline on what is in the topic', async () => {
    // As the first producer does.
    const registered = await fetch(`${registryUrl}/subjects/orders-value/versions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ schema: await readFile(SCHEMA, 'utf8') }),
    });
    assert.equal(registered.status, 200);
    const kafka = new Kafka({ brokers: [`127.0.0.1:${broker}`], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] });
    await admin.disconnect();
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    // Neither is an order: quarantine must say so of both.
    await producer.send({ topic: 'orders', messages: [{ value: 'one' }, { value: 'two' }] });
    await producer.disconnect();
    const result = (await compose('exec', '-T', 'spark', 'run-pipeline'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { event: string; totals?: unknown; equationHolds?: boolean })
      .find(({ event }) => event === 'result');
    assert.deepEqual(result?.totals, { bronze: 2, silver: 0, quarantine: 2, duplicates: 0 });
    assert.equal(result.equationHolds, true);
  });

  it('goes down, and with --volumes leaves nothing', async () => {
    await compose('down', '--volumes');
    assert.deepEqual(inventory(), initial);
  });
});
