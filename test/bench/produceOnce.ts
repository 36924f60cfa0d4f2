/** Produces lines that were made before, once, and prints how long it took: `ours` or `bare`. */
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { createOrderEncoder } from '../../src/adapters/codec.ts';
import { createBroker } from '../../src/adapters/kafka.ts';
import { createSchemaRegistry } from '../../src/adapters/schemaRegistry.ts';
import { createSender } from '../../src/core/delivery.ts';
import { generateOrders } from '../../src/core/generator.ts';
import type { OrderLine } from '../../src/core/orders.ts';
import type { OrderEncoder } from '../../src/core/ports.ts';
import { PARTITIONS } from '../../src/core/produce.ts';

export interface ProduceOptions {
  readonly side: 'ours' | 'bare';
  readonly bootstrap: string;
  readonly registryUrl: string;
  readonly topic: string;
  readonly lines: number;
  /** Of the bare side: messages a send, and sends on their way at once. */
  readonly batch: number;
  readonly sends: number;
}

export interface Produced {
  readonly seconds: number;
  /** Mean bytes of a message's value. */
  readonly valueBytes: number;
}

const SEED = 7;
const CLOCK = Date.UTC(2026, 0, 1);

/** What `produce` does after the generator: encode, frame, send; one batch on its way while the next is filled. */
async function ours(options: ProduceOptions, lines: readonly OrderLine[], encoder: OrderEncoder) {
  const broker = await createBroker({
    kafka: { bootstrap: [options.bootstrap], tls: null, sasl: null },
    registry: null,
  });
  await broker.ensureTopic(options.topic, PARTITIONS);
  const producer = await broker.producer();
  const sender = createSender(producer, options.topic, {
    batchLimit: await broker.batchLimit(options.topic),
  });
  const started = performance.now();
  for (const line of lines) await sender.add(encoder.encode(line));
  await sender.finish();
  const seconds = (performance.now() - started) / 1000;
  if (sender.sent() !== lines.length) throw new Error(`${sender.sent()} of ${lines.length} lines were sent`);
  await producer.close();
  await broker.close();
  return seconds;
}

/** kafkajs as a user of it would call it, with the bytes ready. */
async function bare(options: ProduceOptions, lines: readonly OrderLine[], encoder: OrderEncoder) {
  const { topic, batch, sends } = options;
  const messages = lines.map((line) => {
    const { key, value } = encoder.encode(line);
    return { key: key as Buffer | null, value: value as Buffer | null };
  });
  const kafka = new Kafka({ clientId: 'bare', brokers: [options.bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const started = performance.now();
  let next = 0;
  const sendRest = async (): Promise<void> => {
    while (next < messages.length) {
      const from = next;
      next += batch;
      await producer.send({ topic, acks: -1, messages: messages.slice(from, from + batch) });
    }
  };
  await Promise.all(Array.from({ length: sends }, sendRest));
  const seconds = (performance.now() - started) / 1000;
  await producer.disconnect();
  return seconds;
}

async function main(): Promise<Produced> {
  const options = JSON.parse(process.argv[2] ?? '') as ProduceOptions;
  const encoder = await createOrderEncoder(
    createSchemaRegistry({ url: options.registryUrl, login: { kind: 'none' }, tls: null }),
    'avro',
  );
  const orders = generateOrders(SEED, CLOCK);
  const lines = Array.from({ length: options.lines }, () => orders.next().value);
  const bytes = lines.slice(0, 10_000).map((line) => encoder.encode(line).value?.length ?? 0);
  const seconds = await (options.side === 'ours' ? ours : bare)(options, lines, encoder);
  return { seconds, valueBytes: bytes.reduce((sum, one) => sum + one, 0) / bytes.length };
}

void main().then(
  (produced) => {
    console.log(JSON.stringify(produced));
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
