import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import { BadMessage } from '../../../src/core/outgoing.ts';
import type { Clock } from '../../../src/core/pacer.ts';
import type { Broker, MessageEncoder, OutgoingMessage } from '../../../src/core/ports.ts';
import { draftReplay, rawReplay, startReplay, type Replayed } from '../../../src/core/replay.ts';
import { sendMessages } from '../../../src/core/sendMessages.ts';
import type { RawMessage } from '../../../src/core/topics.ts';

interface Batch {
  readonly topic: string;
  readonly texts: readonly string[];
  readonly at: number;
}
const textOf = ({ value }: OutgoingMessage): string => Buffer.from(value ?? []).toString();

/** A broker with two topics of one partition each, and a clock that runs while somebody sleeps. */
function world(): { broker: Broker; sent: Batch[]; clock: Clock; raw: OutgoingMessage[] } {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const sent: Batch[] = [];
  const raw: OutgoingMessage[] = [];
  const next = new Map<string, number>();
  const broker = {
    topic: (name: string) =>
      name === 'a' || name === 'b'
        ? Promise.resolve({
            name,
            partitions: [{ id: 0, low: '0', high: '0' }],
            messages: 0,
            internal: false,
          })
        : Promise.reject(new UserError('unknown-topic', name)),
    batchLimit: () => Promise.resolve(10_000),
    producer: () =>
      Promise.resolve({
        send: (topic: string, messages: readonly OutgoingMessage[]) => {
          sent.push({ topic, texts: messages.map(textOf), at: now });
          raw.push(...messages);
          const first = next.get(topic) ?? 0;
          next.set(topic, first + messages.length);
          return Promise.resolve(
            messages.map((_, index) => ({ partition: 0, offset: String(first + index) })),
          );
        },
        close: () => Promise.resolve(),
      }),
  } as unknown as Broker;
  return { broker, sent, clock, raw };
}

const encoder: MessageEncoder = {
  encode: ({ value, partition }) =>
    value === 'bad'
      ? Promise.reject(new BadMessage([{ path: ['value'], reason: 'no' }]))
      : Promise.resolve({
          key: null,
          value: Buffer.from(String(value)),
          ...(partition === undefined ? {} : { partition }),
        }),
  messageSchema: (topic) => Promise.resolve({ topic }),
};
async function* of<T>(...batches: readonly (readonly T[])[]): AsyncGenerator<readonly T[]> {
  yield* batches;
  await Promise.resolve();
}
const one = (text: string, atMs?: number, topic = 'a'): Replayed => ({
  topic,
  message: { key: null, value: Buffer.from(text) },
  ...(atMs === undefined ? {} : { atMs }),
});
const signal = new AbortController().signal;
const quiet = (): void => undefined;

describe('sending messages', () => {
  const cluster = (broker: Broker) => ({
    broker: () => Promise.resolve(broker),
    messageEncoder: () => Promise.resolve(encoder),
  });

  it('tells where each is, over topics', async () => {
    const { broker, sent } = world();
    const drafts = ['1', '2', '3'].map((value, index) => ({ topic: index === 1 ? 'b' : 'a', value }));
    assert.deepEqual(await sendMessages(cluster(broker), drafts), [
      { topic: 'a', partition: 0, offset: '0' },
      { topic: 'b', partition: 0, offset: '0' },
      { topic: 'a', partition: 0, offset: '1' },
    ]);
    assert.deepEqual(
      sent.map(({ texts }) => texts),
      [['1'], ['2'], ['3']],
    );
  });

  it('sends none when one is not in order, and says which', async () => {
    const { broker, sent } = world();
    const draft = { topic: 'a', value: 'x' };
    const attempt = (...drafts: readonly object[]) =>
      sendMessages(
        cluster(broker),
        drafts.map((more) => ({ ...draft, ...more })),
      );
    await assert.rejects(attempt({}, { value: 'bad' }), /^UserError: \[1\]\.value: no$/m);
    await assert.rejects(
      attempt({ partition: 4 }),
      /^UserError: partition: the topic has the partitions 0$/m,
    );
    await assert.rejects(
      attempt({ value: 'x'.repeat(20_000) }),
      /value: \d+ bytes are more than the topic takes/,
    );
    await assert.rejects(attempt({}, { topic: 'c' }), { code: 'unknown-topic' });
    assert.deepEqual(sent, []);
  });
});

describe('a replay', () => {
  it('goes as fast as it can, and tells what the messages got', async () => {
    const { broker, sent, clock } = world();
    const source = of([one('1'), one('2')], [one('3', 0, 'b'), one('4')]);
    const {
      sent: count,
      ranges,
      failure,
    } = await startReplay(broker, source, { pace: { by: 'speed' }, clock }, quiet, signal).ended;
    assert.equal(failure, undefined);
    assert.equal(count, 4);
    assert.deepEqual(ranges, [
      { topic: 'a', partition: 0, first: '0', last: '2', messages: 3 },
      { topic: 'b', partition: 0, first: '0', last: '0', messages: 1 },
    ]);
    assert.deepEqual(
      sent.filter(({ topic }) => topic === 'a').flatMap(({ texts }) => texts),
      ['1', '2', '4'],
    );
    assert.equal(clock.now(), 0);
  });

  it('keeps the distances in time, times a factor', async () => {
    const { broker, sent, clock } = world();
    const source = of([one('1', 5000), one('2', 6000), one('3', 5500), one('4', 9000)]);
    await startReplay(broker, source, { pace: { by: 'times', factor: 2 }, clock }, quiet, signal).ended;
    assert.deepEqual(
      sent.map(({ texts, at }) => [texts, at]),
      [
        [['1'], 0],
        [['2', '3'], 500],
        [['4'], 2000],
      ],
    );
  });

  it('keeps a rate', async () => {
    const { broker, sent, clock } = world();
    const source = of(Array.from({ length: 100 }, (_, index) => one(String(index))));
    await startReplay(broker, source, { pace: { by: 'rate', perSecond: 50 }, clock }, quiet, signal).ended;
    assert.equal(sent.flatMap(({ texts }) => texts).length, 100);
    assert.ok(clock.now() >= 1900 && clock.now() <= 2100, String(clock.now()));
  });

  it('stops at what is wrong, sends what came before it, and says where it stopped', async () => {
    const { broker, sent } = world();
    const drafts = of(
      [1, 2, 3].map((line) => ({
        draft: { topic: 'a', value: line === 3 ? 'bad' : String(line) },
        place: `line ${line}`,
      })),
    );
    const end = await startReplay(
      broker,
      draftReplay(encoder, drafts, signal),
      { pace: { by: 'speed' } },
      quiet,
      signal,
    ).ended;
    assert.equal(end.sent, 2);
    assert.equal(end.failure?.message, 'line 3: value: no');
    assert.deepEqual(
      sent.flatMap(({ texts }) => texts),
      ['1', '2'],
    );
  });

  it('can be paused and stopped', async () => {
    const { broker, sent, clock } = world();
    const replay = startReplay(
      broker,
      of([one('1'), one('2')]),
      { pace: { by: 'speed' }, clock },
      quiet,
      signal,
    );
    replay.pause();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(replay.paused, true);
    assert.deepEqual(sent, []);
    replay.stop();
    assert.equal((await replay.ended).sent, 0);
  });

  it('sends raw messages byte for byte, and keeps partition and time where asked', async () => {
    const { broker, raw } = world();
    const message: RawMessage = {
      topic: 'x',
      partition: 3,
      offset: '1',
      timestampMs: 5,
      key: Uint8Array.from([0, 255]),
      value: null,
      headers: [{ name: 'h', value: null }],
    };
    const keep = { keepPartitions: true, keepTimestamps: true };
    for (const options of [{}, keep]) {
      await startReplay(
        broker,
        rawReplay(of([message]), 'a', options),
        { pace: { by: 'speed' } },
        quiet,
        signal,
      ).ended;
    }
    const { key, value, headers } = message;
    assert.deepEqual(raw, [
      { key, value, headers },
      { key, value, headers, partition: 3, timestampMs: 5 },
    ]);
  });
});
