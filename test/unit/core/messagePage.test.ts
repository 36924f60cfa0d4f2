import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newestPage, type Cursor } from '../../../src/core/messagePage.ts';
import type { Broker, MessageDecoder } from '../../../src/core/ports.ts';
import type { Message, RawMessage } from '../../../src/core/topics.ts';

const never = new AbortController().signal;

/** A topic in memory: for each partition the messages that are left of its offsets, by offset. */
function brokerOf(
  partitions: readonly (readonly RawMessage[])[],
  highs: readonly bigint[],
): Pick<Broker, 'topic' | 'readRanges'> & { fetched: number } {
  const broker = {
    fetched: 0,
    topic: (name: string) =>
      Promise.resolve({
        name,
        internal: false,
        messages: 0,
        partitions: highs.map((high, id) => ({ id, low: '0', high: String(high) })),
      }),
    readRanges: (_topic: string, ranges: readonly { partition: number; from: bigint; to: bigint }[]) => {
      const found = ranges.flatMap(({ partition, from, to }) =>
        (partitions[partition] ?? []).filter(({ offset }) => BigInt(offset) >= from && BigInt(offset) < to),
      );
      broker.fetched += found.length;
      return Promise.resolve(found);
    },
  };
  return broker;
}

const decoder: MessageDecoder = {
  decode: (messages) =>
    Promise.resolve(
      messages.map(({ topic, partition, offset, timestampMs }): Message => ({
        topic,
        partition,
        offset,
        timestamp: String(timestampMs),
        key: null,
        value: null,
        headers: [],
        schemaId: null,
      })),
    ),
  explain: () => Promise.reject(new Error('not used here')),
};

const raw = (partition: number, offset: number, timestampMs: number): RawMessage => ({
  topic: 'orders',
  partition,
  offset: String(offset),
  timestampMs,
  key: null,
  value: null,
  headers: [],
});

async function pages(
  broker: Pick<Broker, 'topic' | 'readRanges'>,
  limit: number,
): Promise<readonly (readonly string[])[]> {
  const all: string[][] = [];
  let before: Cursor | undefined;
  do {
    const page = await newestPage(
      broker as Broker,
      decoder,
      'orders',
      before === undefined ? { limit } : { limit, before },
      never,
    );
    all.push(page.messages.map(({ partition, offset }) => `${partition}/${offset}`));
    before = page.next;
  } while (before !== undefined);
  return all;
}

describe('pages of the newest messages', () => {
  it('merge the partitions by time, the newest first', async () => {
    const broker = brokerOf(
      [
        [raw(0, 0, 100), raw(0, 1, 400)],
        [raw(1, 0, 200), raw(1, 1, 300), raw(1, 2, 500)],
      ],
      [2n, 3n],
    );
    assert.deepEqual(await pages(broker, 2), [['1/2', '0/1'], ['1/1', '1/0'], ['0/0']]);
  });

  it('are one empty page for an empty topic', async () => {
    assert.deepEqual(await pages(brokerOf([[], []], [0n, 0n]), 10), [[]]);
  });

  it('find the few messages that compaction left, however far apart', async () => {
    const broker = brokerOf([[raw(0, 3, 1), raw(0, 999_000, 2)]], [1_000_000n]);
    assert.deepEqual((await pages(broker, 1)).flat(), ['0/999000', '0/3']);
  });

  it('together show every message once, each partition from its end to its start', async () => {
    const partition = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 40 }), time: fc.nat(1000) }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(partition, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 25 }),
        async (shape, limit) => {
          const partitions = shape.map((steps, id) => {
            let offset = -1;
            return steps.map(({ gap, time }) => raw(id, (offset += gap), time));
          });
          const highs = partitions.map((messages) => BigInt(messages.at(-1)?.offset ?? -1) + 1n);
          const shown = await pages(brokerOf(partitions, highs), limit);
          for (const page of shown.slice(0, -1)) assert.equal(page.length, limit);
          partitions.forEach((messages, id) => {
            assert.deepEqual(
              shown.flat().filter((place) => place.startsWith(`${id}/`)),
              messages.map(({ offset }) => `${id}/${offset}`).reverse(),
            );
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('fetch little of a large topic', async () => {
    const messages = Array.from({ length: 50_000 }, (_, offset) => raw(0, offset, offset));
    const broker = brokerOf([messages], [50_000n]);
    await newestPage(broker as Broker & typeof broker, decoder, 'orders', { limit: 100 }, never);
    assert.ok(broker.fetched <= 100);
  });
});
