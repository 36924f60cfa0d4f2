/** The message viewer's thread on a real broker: what it reads, from where, and what it leaves behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompressionTypes, Kafka, type Admin, type Message, type Producer } from 'kafkajs';
import { startTopicThread } from '../../src/adapters/topicThread.ts';
import { sandboxAccess } from '../../src/core/access.ts';
import { createTopicThreads } from '../../src/editor/topicThread.ts';
import type { Endpoints, SandboxStatus } from '../../src/core/sandbox.ts';
import type { Chosen, MessageLine, ReadRequest, RecordFilter, SessionState } from '../../src/wire/topic.ts';
import { cliJson } from './support/cli.ts';
import { until } from './support/until.ts';
import { openTopicPeer, type TopicPeer } from './support/topicPeer.ts';

const READ: ReadRequest = {
  start: { from: 'beginning' },
  end: { until: 'now' },
  keep: 'all',
  limits: { records: 100_000, bytes: 256 * 1024 * 1024 },
  filter: {},
};
const ALL = { end: Number.MAX_SAFE_INTEGER, from: 0, count: 100_000, fields: [] };
const START = Date.UTC(2026, 0, 1);

describe('the thread of a message viewer', function () {
  this.timeout(120_000);
  const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
  const run = `v${process.pid}`;
  const open: (() => void)[] = [];
  let endpoints: Endpoints;
  let admin: Admin;
  let kafka: Kafka;
  let producer: Producer;

  before(async () => {
    const status = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(status.endpoints, 'a sandbox runs in ORDERS_LAKEHOUSE_HOME');
    ({ endpoints } = status);
    kafka = new Kafka({ brokers: [endpoints.bootstrap], logCreator: () => () => undefined });
    admin = kafka.admin();
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  after(async () => {
    const mine = (await admin.listTopics()).filter((topic) => topic.startsWith(run));
    await admin.deleteTopics({ topics: mine });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  async function createTopic(name: string, numPartitions: number, config: Record<string, string> = {}) {
    const topic = `${run}-${name}`;
    const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
    return topic;
  }
  function openThread(topic: string): TopicPeer {
    const { peer, close } = openTopicPeer(topic, sandboxAccess(endpoints));
    open.push(close);
    return peer;
  }
  const state = (
    peer: TopicPeer,
    what: string,
    holds: (now: SessionState) => boolean,
  ): Promise<SessionState> =>
    until(what, async () => {
      const now = await peer.call('state', null);
      return holds(now) ? now : undefined;
    });
  const places = (lines: readonly MessageLine[]): string[] =>
    lines.map(({ partition, offset }) => `${partition}/${offset}`).sort();
  async function read(topic: string, request: Partial<ReadRequest> = {}): Promise<readonly MessageLine[]> {
    const peer = openThread(topic);
    await peer.call('read', { ...READ, ...request });
    const { phase, failure } = await state(peer, 'the end of the reading', (now) =>
      ['ended', 'failed'].includes(now.phase),
    );
    assert.equal(phase, 'ended', failure?.message);
    await state(peer, 'the filter', ({ looked, first, end }) => looked === end - first);
    return (await peer.call('rows', ALL)).lines;
  }
  /** `count` messages in turn over partitions, a second apart. */
  async function send(
    topic: string,
    partitions: number,
    count: number,
    more: Partial<Message> = {},
  ): Promise<void> {
    const messages = Array.from({ length: count }, (_, index) => ({
      partition: index % partitions,
      timestamp: String(START + index * 1000),
      key: `k${index}`,
      value: `v${index}`,
      ...more,
    }));
    await producer.send({ topic, messages });
  }
  const expected = (partitions: number, from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, at) => from + at)
      .map((index) => `${index % partitions}/${Math.floor(index / partitions)}`)
      .sort();

  it('reads from and to what it is asked', async () => {
    const topic = await createTopic('spans', 3);
    await send(topic, 3, 300);
    const cases: readonly [string, Partial<ReadRequest>, string[]][] = [
      ['all', {}, expected(3, 0, 300)],
      ['none', { start: { from: 'end' } }, []],
      ['the newest', { start: { from: 'newest', count: 30 } }, expected(3, 270, 300)],
      ['more than there are', { start: { from: 'newest', count: 9000 } }, expected(3, 0, 300)],
      ['from an offset', { start: { from: 'offset', offset: '90' } }, expected(3, 270, 300)],
      ['from beyond the end', { start: { from: 'offset', offset: '100000' } }, []],
      ['from a time', { start: { from: 'time', timestampMs: START + 270_000 } }, expected(3, 270, 300)],
      ['from after the last', { start: { from: 'time', timestampMs: START + 900_000 } }, []],
      ['to an offset', { end: { until: 'offset', offset: '10' } }, expected(3, 0, 30)],
      ['to a time', { end: { until: 'time', timestampMs: START + 30_000 } }, expected(3, 0, 30)],
      [
        'one partition between offsets',
        { start: { from: 'offset', offset: '10' }, end: { until: 'offset', offset: '12' }, partitions: [1] },
        ['1/10', '1/11'],
      ],
    ];
    for (const [name, request, wanted] of cases)
      assert.deepEqual(places(await read(topic, request)), wanted, name);
  });

  it('begins anew as often as it is asked, also in the midst of a reading', async () => {
    const topic = await createTopic('anew', 3);
    await send(topic, 3, 3000);
    const peer = openThread(topic);
    for (const count of [10, 3000, 30, 3000]) {
      await peer.call('read', { ...READ, start: { from: 'newest', count }, end: { until: 'forever' } });
    }
    await state(peer, 'all of the last', ({ matches, phase }) => matches === 3000 && phase === 'live');
    await peer.call('read', { ...READ, start: { from: 'newest', count: 30 }, end: { until: 'forever' } });
    await state(peer, 'the newest', ({ matches, phase }) => matches === 30 && phase === 'live');
    assert.deepEqual(places((await peer.call('rows', ALL)).lines), expected(3, 2970, 3000));
    // The first wakes the reading that was given up, which must not take the connection with it.
    for (const count of [31, 32, 33]) {
      await producer.send({ topic, messages: [{ value: 'one more' }] });
      const { failure } = await state(
        peer,
        'one more',
        (now) => now.matches === count || now.failure !== undefined,
      );
      assert.equal(failure, undefined);
    }
  });

  it('shares the newest out to partitions that have some', async () => {
    const topic = await createTopic('skewed', 12);
    await send(topic, 1, 50);
    assert.deepEqual(
      places(await read(topic, { start: { from: 'newest', count: 20 } })),
      expected(1, 30, 50),
    );
  });

  it('follows what is sent, idle partitions or not, and leaves no group behind', async () => {
    const groups = await admin.listGroups();
    const topic = await createTopic('live', 12);
    const peer = openThread(topic);
    await peer.call('read', { ...READ, end: { until: 'forever' } });
    await state(peer, 'an empty topic is read', ({ phase }) => phase === 'live');
    for (let count = 1; count <= 3; count++) {
      await producer.send({ topic, messages: [{ partition: 4, value: String(count) }] });
      await state(peer, `message ${count}`, ({ matches }) => matches === count);
    }
    const { lines } = await peer.call('rows', ALL);
    assert.deepEqual(
      lines.map(({ preview }) => preview),
      ['3', '2', '1'],
    );
    assert.deepEqual(await admin.listGroups(), groups);
  });

  it('follows partitions that a topic gets meanwhile', async () => {
    const topic = await createTopic('growing', 1);
    const peer = openThread(topic);
    await peer.call('read', { ...READ, start: { from: 'end' }, end: { until: 'forever' } });
    await state(peer, 'an empty topic is read', ({ phase }) => phase === 'live');
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    const fresh = kafka.producer({ allowAutoTopicCreation: false });
    await fresh.connect();
    await fresh.send({ topic, messages: [{ partition: 2, value: 'first of a new one' }] });
    await fresh.disconnect();
    await state(peer, 'its message', ({ matches }) => matches === 1);
  });

  it('shows what transactions committed, and never what they took back', async () => {
    const topic = await createTopic('transactions', 1);
    const transactional = kafka.producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await transactional.connect();
    try {
      const peer = openThread(topic);
      await peer.call('read', { ...READ, end: { until: 'forever' } });
      const values = async (): Promise<unknown> =>
        (await peer.call('rows', ALL)).lines.map(({ preview }) => preview);
      for (const [value, ending] of [
        ['kept', 'commit'],
        ['gone', 'abort'],
        ['kept too', 'commit'],
      ] as const) {
        const transaction = await transactional.transaction();
        await transaction.send({ topic, messages: [{ value }] });
        await transaction[ending]();
      }
      await state(peer, 'both', ({ matches }) => matches === 2);
      assert.deepEqual(await values(), ['kept too', 'kept']);
      // The topic ends with marks only: a reading to the end must end all the same.
      assert.deepEqual(places(await read(topic)), ['0/0', '0/4']);
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ value: 'open' }] });
      await producer.send({ topic, messages: [{ value: 'after it' }] });
      await state(peer, 'the end', ({ phase }) => phase === 'live');
      assert.equal((await peer.call('state', null)).matches, 2);
      await transaction.commit();
      await state(peer, 'the rest', ({ matches }) => matches === 4);
    } finally {
      await transactional.disconnect();
    }
  });

  it('goes on past messages that were deleted, and counts them', async () => {
    const topic = await createTopic('deleted', 1);
    await send(topic, 1, 100);
    const peer = openThread(topic);
    // kafkajs knows the leaders of a topic only once it was asked for it.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '60' }] });
    await peer.call('read', {
      ...READ,
      start: { from: 'cursors', offsets: { 0: '40' } },
      end: { until: 'forever' },
    });
    const { lost } = await state(peer, 'the rest', ({ matches }) => matches === 40);
    assert.equal(lost, 20);
    assert.deepEqual(places(await read(topic)), expected(1, 60, 100));
  });

  it('reads past the holes that compaction leaves, also the last', async () => {
    const topic = await createTopic('compacted', 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '50',
      'min.cleanable.dirty.ratio': '0.001',
      'delete.retention.ms': '0',
      'max.compaction.lag.ms': '100',
    });
    for (let round = 0; round < 3; round++)
      await send(topic, 1, 50, { key: 'same', value: `round ${round}` });
    await producer.send({ topic, messages: [{ key: 'same', value: null }] });
    // A message more rolls the segment of those before it, which then may be cleaned.
    const lines = await until('the cleaner', async () => {
      await producer.send({ topic, messages: [{ key: 'other', value: null }] });
      const found = await read(topic);
      return found.length < 20 ? found : undefined;
    });
    const [newest] = lines;
    const { high } = (await admin.fetchTopicOffsets(topic))[0] ?? { high: '0' };
    assert.equal(newest?.offset, String(Number(high) - 1));
    const peer = openThread(topic);
    await peer.call('read', { ...READ, end: { until: 'forever' } });
    await state(peer, 'the end', ({ phase }) => phase === 'live');
    const before = (await peer.call('state', null)).matches;
    await producer.send({ topic, messages: [{ key: 'last', value: 'seen' }] });
    await state(peer, 'one more', ({ matches }) => matches === before + 1);
  });

  it('reads messages of many megabytes, whole', async () => {
    const topic = await createTopic('large', 1, { 'max.message.bytes': '20000000' });
    const value = 'x'.repeat(12_000_000);
    await producer.send({
      topic,
      messages: [{ value: 'small' }, { value }],
      compression: CompressionTypes.GZIP,
    });
    const peer = openThread(topic);
    await peer.call('read', { ...READ, start: { from: 'newest', count: 1 } });
    await state(peer, 'the message', ({ matches }) => matches === 1);
    const { size, json } = await peer.call('message', { record: 0 });
    assert.deepEqual([size, json === JSON.stringify(value)], [12_000_000, true]);
  });

  it('searches through the whole topic for what it does not hold', async () => {
    const topic = await createTopic('search', 3);
    await send(topic, 3, 3000);
    const lines = await read(topic, {
      keep: 'matches',
      limits: { records: 1000, bytes: Infinity },
      filter: { texts: [{ pattern: 'V29', place: 'value', regex: false, matchCase: false }] },
    });
    const wanted = Array.from({ length: 3000 }, (_, index) => `v${index}`).filter((value) =>
      value.startsWith('v29'),
    );
    assert.deepEqual(lines.map(({ preview }) => preview).sort(), wanted.sort());
  });

  it('writes what it shows into a file, whole or not at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-export-'));
    try {
      const topic = await createTopic('export', 1);
      await send(topic, 1, 2500, { headers: { a: 'é', b: ['1', '2'] } });
      const peer = openThread(topic);
      await peer.call('read', { ...READ, filter: { time: { from: START + 500_000 } } });
      await state(peer, 'the messages', ({ phase, matches }) => phase === 'ended' && matches === 2000);
      const path = join(folder, 'out.ndjson');
      const { written } = await peer.call('write', { path, format: 'ndjson', fields: [] });
      const rows = readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { offset: string; value: unknown; headers: unknown });
      assert.equal(written, 2000);
      assert.deepEqual(
        rows.map(({ offset, value }) => [offset, value]),
        Array.from({ length: 2000 }, (_, index) => [String(2499 - index), `v${2499 - index}`]),
      );
      assert.deepEqual(rows[0]?.headers, [
        { name: 'a', value: 'é' },
        { name: 'b', value: '1' },
        { name: 'b', value: '2' },
      ]);
      const csv = join(folder, 'out.csv');
      await peer.call('write', { path: csv, format: 'csv', fields: [{ of: 'header', path: 'a' }] });
      const [head, first] = readFileSync(csv, 'utf8').split('\r\n');
      assert.deepEqual(
        [head, first],
        [
          'timestamp,partition,offset,key,a,value',
          `${new Date(START + 2_499_000).toISOString()},0,2499,k2499,é,v2499`,
        ],
      );
      await assert.rejects(peer.call('write', { path: join(folder, 'no', 'x'), format: 'csv', fields: [] }), {
        message: /cannot be written: the folder does not exist/,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('ends a thread that an expression keeps busy, takes it away, and goes on with the rest', async () => {
    const topic = await createTopic('stuck', 1);
    const hopeless = `${'a'.repeat(40)}!`;
    await producer.send({
      topic,
      messages: [
        { key: 'one', value: hopeless },
        { key: 'two', value: 'b' },
      ],
    });
    const left: RecordFilter[] = [];
    const threads = createTopicThreads({
      start: (at) => Promise.resolve(startTopicThread({ topic, access: at, locale: 'en' })),
      access: () => Promise.resolve(sandboxAccess(endpoints)),
      onChanged: () => undefined,
      onWritten: () => undefined,
      onEnd: (error) => {
        throw error;
      },
      onStuck: (filter) => left.push(filter),
      describe: (error) => ({ code: 'fault', message: String(error) }),
      patience: 1500,
    });
    open.push(threads.close);
    const held = (matches: number): Promise<unknown> =>
      until(`${matches} matches`, async () => {
        const now = await threads.ask('state', null);
        return now.phase === 'live' && now.looked === 2 && now.matches === matches;
      });
    await threads.ask('read', { ...READ, end: { until: 'forever' } });
    await held(2);
    const text = (pattern: string, regex: boolean, place: 'key' | 'value') => ({
      pattern,
      regex,
      place,
      matchCase: true,
    });
    const quick = { tombstones: 'without', texts: [text('one', false, 'key')] } as const;
    await threads.ask('filter', { ...quick, texts: [...quick.texts, text('^(a+)+$', true, 'value')] });
    await assert.rejects(held(0), { code: 'filter-stuck' });
    assert.deepEqual(left, [quick]);
    await held(1);
    assert.deepEqual(places((await threads.ask('rows', ALL)).lines), ['0/0']);
    assert.deepEqual(left, [quick]);
  });

  it('gives messages as they are, the oldest first, whatever is read meanwhile', async () => {
    const topic = await createTopic('taken', 1);
    await send(topic, 1, 2500, { headers: { h: Buffer.from([0, 255]) } });
    const threads = createTopicThreads({
      start: (at) => Promise.resolve(startTopicThread({ topic, access: at, locale: 'en' })),
      access: () => Promise.resolve(sandboxAccess(endpoints)),
      onChanged: () => undefined,
      onWritten: () => undefined,
      onEnd: () => undefined,
      onStuck: () => undefined,
      describe: (error) => ({ code: 'fault', message: String(error) }),
    });
    open.push(threads.close);
    await threads.ask('read', READ);
    await until('all', async () => (await threads.ask('state', null)).matches === 2500);
    const offsets = async (chosen: Chosen): Promise<string[]> => {
      const { count, messages } = await threads.take(chosen);
      const found: string[] = [];
      for await (const batch of messages) {
        if (found.length === 0 && chosen === 'all')
          await threads.ask('read', { ...READ, start: { from: 'end' } });
        for (const { offset, key, value, headers } of batch) {
          assert.deepEqual(
            [key, value, headers].map((part) => JSON.stringify(part)),
            [
              new Uint8Array(Buffer.from(`k${offset}`)),
              new Uint8Array(Buffer.from(`v${offset}`)),
              [{ name: 'h', value: new Uint8Array([0, 255]) }],
            ].map((part) => JSON.stringify(part)),
          );
          found.push(offset);
        }
      }
      assert.equal(found.length, count);
      return found;
    };
    assert.deepEqual(await offsets({ records: [7, 3] }), ['3', '7']);
    assert.deepEqual(await offsets({ end: Number.MAX_SAFE_INTEGER, from: 2498, count: 100 }), ['0', '1']);
    assert.deepEqual(
      await offsets('all'),
      Array.from({ length: 2500 }, (_, offset) => String(offset)),
    );
  });

  it('says that a topic is gone', async () => {
    const peer = openThread(`${run}-never`);
    await peer.call('read', READ);
    const { failure } = await state(peer, 'the failure', ({ phase }) => phase === 'failed');
    assert.equal(failure?.code, 'unknown-topic');
  });
});
