/** Producing through the registry against bare kafkajs sending the same bytes, and against Kafka's own producer. */
import { sandboxAccess } from '../../src/core/access.ts';
import { createBroker } from '../../src/adapters/kafka.ts';
import { PARTITIONS } from '../../src/core/produce.ts';
import { sibling } from './child.ts';
import { interleaved, median, ratios, spread } from './measure.ts';
import type { Produced, ProduceOptions } from './produceOnce.ts';
import { producerPerformance } from './producerPerformance.ts';
import { grouped, markdownTable, verdict } from './report.ts';
import type { Sandbox } from './sandbox.ts';

const LINES = 500_000;
const ROUNDS = 5;
const TRIAL_LINES = 150_000;
const BATCHES = [1000, 2500, 5000, 10_000];
const SENDS = [1, 2, 3];

type Bare = Pick<ProduceOptions, 'batch' | 'sends'>;

export async function benchProduce(sandbox: Sandbox): Promise<string> {
  const { bootstrap, registryUrl } = sandbox.endpoints;
  let topics = 0;
  const once = (
    side: 'ours' | 'bare',
    lines: number,
    how: Bare = { batch: 0, sends: 0 },
  ): Promise<Produced> => {
    topics += 1;
    const options: ProduceOptions = { side, bootstrap, registryUrl, topic: `bench-${topics}`, lines, ...how };
    return sibling('produceOnce', [JSON.stringify(options)]);
  };
  const best = await bestOfBare((how) => once('bare', TRIAL_LINES, how));
  const { valueBytes } = await once('ours', TRIAL_LINES);
  const rate = async (produced: Promise<Produced>): Promise<number> => LINES / (await produced).seconds;
  const { ours, bare, java } = await interleaved(ROUNDS, {
    ours: () => rate(once('ours', LINES)),
    bare: () => rate(once('bare', LINES, best)),
    java: async () => {
      topics += 1;
      const topic = `bench-${topics}`;
      const broker = await createBroker(sandboxAccess(sandbox.endpoints));
      await broker.ensureTopic(topic, PARTITIONS);
      await broker.close();
      return producerPerformance(sandbox.java, { bootstrap, topic, lines: LINES, valueBytes });
    },
  });
  const toBare = ratios(ours, bare);
  const row = (name: string, rates: number[]): string[] => [
    name,
    grouped(median(rates)),
    `${grouped(Math.min(...rates))}–${grouped(Math.max(...rates))}`,
    spread(ratios(rates, bare)),
  ];
  return [
    markdownTable(
      ['producer', 'lines/s, median', 'min–max', '÷ bare kafkajs'],
      [
        row('ours: encode Avro, frame, idempotent, acks=all', ours),
        row(`bare kafkajs, bytes ready, acks=all, ${grouped(best.batch)} × ${best.sends}`, bare),
        row('ProducerPerformance 4.3.1 (Java), acks=all', java),
      ],
    ),
    '',
    `Goal: ${verdict(median(toBare), { atLeast: 0.7 })} of bare kafkajs. ${grouped(LINES)} lines of ${Math.round(valueBytes)} ` +
      `bytes, ${PARTITIONS} partitions, ${ROUNDS} rounds in turns, each in a process of its own.`,
  ].join('\n');
}

/** The bare side gets the batch size and the sends in parallel that serve it best here. */
async function bestOfBare(trial: (how: Bare) => Promise<Produced>): Promise<Bare> {
  let best: { how: Bare; seconds: number } | undefined;
  for (const batch of BATCHES) {
    for (const sends of SENDS) {
      const how = { batch, sends };
      const { seconds } = await trial(how);
      if (!best || seconds < best.seconds) best = { how, seconds };
    }
  }
  if (!best) throw new Error('no trial');
  return best.how;
}
