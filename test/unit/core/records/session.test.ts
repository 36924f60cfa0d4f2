/* eslint-disable @typescript-eslint/require-await, require-yield -- a script plays what a broker does */
import assert from 'node:assert/strict';
import { UserError } from '../../../../src/core/errors.ts';
import {
  createTopicSession,
  type ReadRequest,
  type TopicSession,
} from '../../../../src/core/records/session.ts';
import { findBytes } from '../../../../src/adapters/findBytes.ts';
import type { Followed, FollowRequest, Message, RawMessage } from '../../../../src/core/topics.ts';
import { until } from '../../../live/support/until.ts';

const raw = (offset: number, value: object | null = { n: offset }): RawMessage => ({
  topic: 't',
  partition: offset % 2,
  offset: String(offset),
  timestampMs: 1000 + offset,
  key: Buffer.from(`k${offset}`),
  value: value && Buffer.from(JSON.stringify(value)),
  headers: [],
});
const followed = (messages: readonly RawMessage[], left = 0): Followed => ({
  messages,
  cursors: { 0: String(messages.length), 1: '0' },
  passed: messages.length,
  left,
  lost: 0,
  leaderless: [],
});
const decode = (one: RawMessage): Message => ({
  ...one,
  timestamp: new Date(one.timestampMs).toISOString(),
  key: one.key && Buffer.from(one.key).toString(),
  value: one.value && (JSON.parse(Buffer.from(one.value).toString()) as unknown),
  headers: [],
  schemaId: null,
});

const READ: ReadRequest = {
  start: { from: 'beginning' },
  end: { until: 'forever' },
  keep: 'all',
  limits: { records: 1000, bytes: 1_000_000 },
  filter: {},
};
const ROWS = { end: Number.MAX_SAFE_INTEGER, from: 0, count: 100, fields: [] };

/** A broker that plays what a test says, one reading after the other. */
function scripted(...readings: ((signal: AbortSignal) => AsyncGenerator<Followed>)[]) {
  const asked: FollowRequest[] = [];
  let waited = 0;
  const session: TopicSession = createTopicSession({
    topic: 't',
    broker: {
      follow: (_topic, request, signal) => {
        const reading = readings[asked.length];
        asked.push(request);
        if (!reading) throw new Error('nobody was to read again');
        return reading(signal);
      },
    },
    decoder: { decode: (messages) => Promise.resolve(messages.map(decode)) },
    find: findBytes,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    wait: () => {
      waited++;
      return Promise.resolve();
    },
    onChange: () => undefined,
  });
  const values = async (): Promise<unknown[]> =>
    (await session.rows(ROWS)).lines.map(({ preview }) => preview && (JSON.parse(preview) as unknown));
  return { session, asked, values, waits: () => waited };
}

/** Gives these, then nothing more until the reading ends. */
const forever = (...batches: Followed[]) =>
  async function* (signal: AbortSignal): AsyncGenerator<Followed> {
    yield* batches;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  };
const phase = (session: TopicSession, wanted: string): Promise<unknown> =>
  until(`the phase ${wanted}`, () => session.state().phase === wanted);

describe('a reading of a topic', () => {
  it('shows the newest first, and follows', async () => {
    const { session, values } = scripted(forever(followed([raw(0), raw(1)], 5), followed([raw(2)])));
    session.read(READ);
    await phase(session, 'live');
    assert.deepEqual(await values(), [{ n: 2 }, { n: 1 }, { n: 0 }]);
    assert.equal(session.state().matches, 3);
    session.close();
  });

  it('goes on where it stood when the broker comes back, and says so meanwhile', async () => {
    const gone = new UserError('broker-unreachable', 'Kafka does not answer.');
    const { session, asked, values, waits } = scripted(
      async function* () {
        yield followed([raw(0), raw(1)]);
        throw gone;
      },
      async function* () {
        throw gone;
      },
      forever(followed([raw(2)])),
    );
    session.read(READ);
    await until('the third reading', () => asked.length === 3);
    await until('its message', () => session.state().end === 3);
    assert.deepEqual(
      asked.map(({ start }) => start),
      [
        { from: 'beginning' },
        { from: 'cursors', offsets: { 0: '2', 1: '0' } },
        { from: 'cursors', offsets: { 0: '2', 1: '0' } },
      ],
    );
    assert.equal(waits(), 2);
    assert.deepEqual(await values(), [{ n: 2 }, { n: 1 }, { n: 0 }]);
    assert.equal(session.state().failure, undefined);
    session.close();
  });

  it('begins anew, without what it held, when the topic was made anew', async () => {
    const { session, asked, values } = scripted(
      async function* () {
        yield followed([raw(5), raw(6)]);
        throw new UserError('topic-anew', 'The topic t was made anew.');
      },
      forever(followed([raw(0)])),
    );
    session.read({ ...READ, filter: { tombstones: 'without' } });
    await until('the second reading', () => session.state().phase === 'live' && asked.length === 2);
    await until('its message', () => session.state().looked === 1);
    assert.deepEqual(asked[1]?.start, { from: 'beginning' });
    assert.deepEqual(await values(), [{ n: 0 }]);
    session.close();
  });

  it('writes the reading that it began with, whatever is read meanwhile', async () => {
    const first = Array.from({ length: 2500 }, (_, index) => raw(index));
    const { session } = scripted(forever(followed(first)), forever(followed([raw(7)])));
    session.read({ ...READ, limits: { records: 10_000, bytes: Infinity } });
    await phase(session, 'live');
    const written: string[] = [];
    for await (const batch of session.shown('all').messages()) {
      if (written.length === 0) session.read({ ...READ, start: { from: 'end' } });
      written.push(...batch.map(({ offset }) => offset));
    }
    assert.deepEqual(written, first.map(({ offset }) => offset).reverse());
    session.close();
  });

  it('ends with the reason when it is no broker that went', async () => {
    const { session } = scripted(async function* () {
      throw new UserError('unknown-topic', 'There is no topic t.', { hint: 'See the topics.' });
    });
    session.read(READ);
    await phase(session, 'failed');
    assert.deepEqual(session.state().failure, {
      code: 'unknown-topic',
      message: 'There is no topic t.',
      hint: 'See the topics.',
    });
  });

  it('asks for no more while it is paused, and loses nothing', async () => {
    let given = 0;
    const { session, values } = scripted(async function* () {
      for (given = 0; given < 5; given++) yield followed([raw(given)], 5 - given);
    });
    session.read(READ);
    session.pause();
    await until('the first batch', () => given === 0 && session.state().phase === 'paused');
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(given, 0);
    session.resume();
    await phase(session, 'ended');
    assert.deepEqual(
      await values(),
      [4, 3, 2, 1, 0].map((n) => ({ n })),
    );
  });

  it('searches through more than it holds, and stops when it has enough', async () => {
    let given = 0;
    const { session, values } = scripted(async function* () {
      for (; given < 100; given++)
        yield followed(
          Array.from({ length: 10 }, (_, at) => raw(given * 10 + at)),
          1,
        );
    });
    const filter = {
      conditions: [{ field: { of: 'value', path: 'n' }, operator: '>=', value: '95' }],
    } as const;
    session.read({ ...READ, keep: 'matches', filter, limits: { records: 7, bytes: Infinity } });
    await phase(session, 'full');
    assert.deepEqual(
      await values(),
      [101, 100, 99, 98, 97, 96, 95].map((n) => ({ n })),
    );
    assert.ok(given <= 11);
  });

  it('begins anew when it is asked to, without what came before', async () => {
    const { session, values } = scripted(forever(followed([raw(0)])), forever(followed([raw(7)])));
    session.read(READ);
    await phase(session, 'live');
    session.read({ ...READ, start: { from: 'offset', offset: '7' } });
    await phase(session, 'live');
    assert.deepEqual(await values(), [{ n: 7 }]);
    session.close();
  });

  it('keeps its place below a number while new ones come', async () => {
    const { session } = scripted(forever(followed([raw(0), raw(1)]), followed([raw(2), raw(3)])));
    session.read(READ);
    await until('all four', () => session.state().end === 4);
    await phase(session, 'live');
    const { lines, count } = await session.rows({ ...ROWS, end: 2 });
    assert.deepEqual([lines.map(({ record }) => record), count], [[1, 0], 2]);
    session.close();
  });

  it('sorts by a field, by value, with those that lack it last', async () => {
    const messages = [
      raw(0, { p: '9.5' }),
      raw(1, { p: '10' }),
      raw(2, {}),
      raw(3, { p: '-1' }),
      raw(4, null),
    ];
    const { session } = scripted(forever(followed(messages)));
    session.read(READ);
    await phase(session, 'live');
    const offsets = async (): Promise<string[]> =>
      (await session.rows(ROWS)).lines.map(({ offset }) => offset);
    const by = { of: 'value', path: 'p' } as const;
    await session.sort({ by, descending: false });
    assert.deepEqual(await offsets(), ['3', '0', '1', '2', '4']);
    await session.sort({ by, descending: true });
    assert.deepEqual(await offsets(), ['1', '0', '3', '2', '4']);
    await session.sort({ by: 'timestamp', descending: false });
    assert.deepEqual(await offsets(), ['0', '1', '2', '3', '4']);
    await session.sort(undefined);
    assert.deepEqual(await offsets(), ['4', '3', '2', '1', '0']);
    session.close();
  });

  it('goes on answering while it sorts many, and keeps the order before until then', async () => {
    const count = 40_000;
    const scatter = (offset: number): number => (offset * 7919) % count;
    const messages = Array.from({ length: count }, (_, offset) => ({
      ...raw(offset, { n: scatter(offset) }),
      timestampMs: scatter(offset),
    }));
    const { session } = scripted(forever(followed(messages)));
    session.read({ ...READ, limits: { records: count, bytes: Infinity } });
    await phase(session, 'live');
    await until('the filter', () => session.state().looked === count);
    const first = async (): Promise<string | undefined> => (await session.rows(ROWS)).lines[0]?.offset;
    const largest = messages.findIndex(({ timestampMs }) => timestampMs === count - 1);
    for (const by of ['offset', 'timestamp', { of: 'value', path: 'n' }] as const) {
      await session.sort(undefined);
      let made = false;
      const isMade = (): boolean => made;
      const sorting = session.sort({ by, descending: by !== 'offset' }).then(() => {
        made = true;
      });
      let answers = 0;
      while (!isMade()) {
        assert.equal(session.state().end, count);
        const seen = await first();
        if (!isMade()) assert.equal(seen, String(count - 1));
        answers++;
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(answers > 3, `${JSON.stringify(by)}: ${answers}`);
      await sorting;
    }
    assert.equal(await first(), String(largest));
    const all: number[] = [];
    for await (const batch of session.shown('all').messages())
      all.push(...batch.map(({ value }) => (value as { n: number }).n));
    assert.deepEqual(
      all,
      Array.from({ length: count }, (_, at) => count - 1 - at),
    );
    session.close();
  });

  it('gives up sorting when it is told to, or asked for another order', async () => {
    const count = 50_000;
    const messages = Array.from({ length: count }, (_, offset) => raw(offset));
    const { session } = scripted(forever(followed(messages)));
    session.read({ ...READ, limits: { records: count, bytes: Infinity } });
    await phase(session, 'live');
    await until('the filter', () => session.state().looked === count);
    const offsets = async (): Promise<string[]> =>
      (await session.rows({ ...ROWS, count: 2 })).lines.map(({ offset }) => offset);
    const giveUp = new AbortController();
    const sorting = session.sort({ by: 'offset', descending: false }, giveUp.signal);
    giveUp.abort();
    await sorting;
    assert.deepEqual(await offsets(), [String(count - 1), String(count - 2)]);
    const slow = session.sort({ by: 'key', descending: false });
    await session.sort({ by: 'offset', descending: false });
    assert.deepEqual(await offsets(), ['0', '1']);
    await slow;
    assert.deepEqual(await offsets(), ['0', '1']);
    session.close();
  });

  it('counts over time, all and those that match', async () => {
    const messages = Array.from({ length: 100 }, (_, index) => ({
      ...raw(index),
      timestampMs: index * 1000,
    }));
    const { session } = scripted(forever(followed(messages)));
    session.read({ ...READ, filter: { partitions: [0] } });
    await phase(session, 'live');
    await until('the filter', () => session.state().looked === 100);
    assert.deepEqual(session.histogram(20), {
      from: 0,
      width: 10_000,
      all: new Array(10).fill(10),
      matches: new Array(10).fill(5),
    });
    session.close();
  });

  it('knows the fields that it has seen', async () => {
    const { session } = scripted(forever(followed([raw(0, { a: 1, b: { c: [1, 2], d: null } })])));
    session.read(READ);
    await phase(session, 'live');
    await session.rows(ROWS);
    assert.deepEqual(session.state().fields, ['a', 'b.c', 'b.d']);
    session.close();
  });
});
