/** Topics and consumer groups of a running sandbox (ORDERS_LAKEHOUSE_HOME), with consumers of kafkajs. */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigResourceTypes,
  ConfigSource,
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type Consumer,
} from 'kafkajs';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { parseResetTarget } from '../../src/core/groups.ts';
import type { Lakehouse, TopicAdmin } from '../../src/core/ports.ts';
import { applyReset, previewReset } from '../../src/core/resetOffsets.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { cli, cliJson } from './support/cli.ts';
import { until } from './support/until.ts';

const PREFIX = `admin-check-${process.pid}`;
const named = (what: string): string => `${PREFIX}-${what}`;

describe('topics and groups of a sandbox', function () {
  this.timeout(60_000);
  let lakehouse: Lakehouse;
  let topics: TopicAdmin;
  let kafka: Kafka;
  /** Sees what ours did. */
  let witness: Admin;

  before(async () => {
    assert.ok(process.env['ORDERS_LAKEHOUSE_HOME'], 'ORDERS_LAKEHOUSE_HOME names a running sandbox');
    lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
    const { bootstrap } = await lakehouse.endpoints();
    topics = await lakehouse.topicAdmin();
    kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    witness = kafka.admin();
    await witness.connect();
  });
  after(async () => {
    const ours = (name: string): boolean => name.startsWith(PREFIX);
    const { groups } = await witness.listGroups();
    await witness.deleteGroups(groups.map(({ groupId }) => groupId).filter(ours));
    await witness.deleteTopics({ topics: (await witness.listTopics()).filter(ours) });
    await witness.disconnect();
    await lakehouse.close();
  });

  /** The settings that a topic has of its own, as kafkajs tells them. */
  const ownConfigs = async (topic: string): Promise<Record<string, string>> => {
    const { resources } = await witness.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const own = (resources[0]?.configEntries ?? []).filter(
      ({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG,
    );
    return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
  };
  const config = async (topic: string, name: string) => {
    const found = (await topics.describe(topic)).configs.find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };
  const send = async (topic: string, partition: number, timestamps: readonly number[]): Promise<void> => {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const messages = timestamps.map((at) => ({
      key: `key ${at}`,
      value: `at ${at}`,
      partition,
      timestamp: String(at),
    }));
    await producer.send({ topic, messages }).finally(() => producer.disconnect());
  };
  const times = (count: number, from = 0): number[] =>
    Array.from({ length: count }, (_, index) => 1_700_000_000_000 + 1000 * (from + index));

  /** Young enough for every retention below: the broker deletes old ones whenever it looks. */
  const today = (count: number): number[] => Array.from({ length: count }, () => Date.now());

  describe('a topic', () => {
    const topic = named('topic');

    it('is made with partitions and settings of its own, once', async () => {
      const configs = { 'retention.ms': '86400000', 'cleanup.policy': 'compact,delete' };
      await topics.create(topic, { partitions: 2, configs });
      assert.deepEqual(await ownConfigs(topic), configs);
      await assert.rejects(topics.create(topic, { partitions: 2, configs: {} }), { code: 'topic-exists' });
      await assert.rejects(topics.create('a b', { partitions: 1, configs: {} }), { code: 'bad-topic-name' });
      await assert.rejects(topics.create(named('no'), { partitions: 1, configs: { nonsense: '1' } }), {
        code: 'bad-config',
      });
      assert.ok(!(await witness.listTopics()).includes(named('no')));
    });

    it('shows leaders, offsets and the bytes that its files have', async () => {
      await send(topic, 1, today(50));
      const { partitions } = await topics.describe(topic);
      const folder = join(lakehouse.home, 'data', 'kafka', 'log');
      const bytesOf = (partition: number): string => {
        const at = join(folder, `${topic}-${partition}`);
        const files = readdirSync(at).filter((name) => name.endsWith('.log'));
        return String(files.reduce((sum, name) => sum + statSync(join(at, name)).size, 0));
      };
      assert.deepEqual(
        partitions.map(({ id, low, high, leader, replicas, inSync, bytes }) => [
          id,
          low,
          high,
          leader,
          replicas,
          inSync,
          bytes,
        ]),
        [
          [0, '0', '0', 1, [1], [1], bytesOf(0)],
          [1, '0', '50', 1, [1], [1], bytesOf(1)],
        ],
      );
      assert.ok(Number(bytesOf(1)) > 500);
    });

    it('keeps the settings that a change does not name', async () => {
      await topics.configure(topic, { set: { 'segment.ms': '3600000' }, unset: [] });
      const all = { 'retention.ms': '86400000', 'cleanup.policy': 'compact,delete', 'segment.ms': '3600000' };
      assert.deepEqual(await ownConfigs(topic), all);
      await topics.configure(topic, { set: { 'retention.ms': '5000000' }, unset: ['cleanup.policy'] });
      assert.deepEqual(await ownConfigs(topic), { 'retention.ms': '5000000', 'segment.ms': '3600000' });
    });

    it('keeps what another changes at the same time', async () => {
      const before = await ownConfigs(topic);
      const changes = [
        { set: { 'max.message.bytes': '2000000' }, unset: [] },
        { set: { 'min.insync.replicas': '1' }, unset: [] },
      ];
      let looked = 0;
      let allLooked = (): void => undefined;
      const all = new Promise<void>((resolve) => {
        allLooked = resolve;
      });
      // Neither is made before both were told what the topic has.
      const agree = (): Promise<void> => {
        looked += 1;
        if (looked === changes.length) allLooked();
        return all;
      };
      await Promise.all(changes.map((change) => topics.configure(topic, change, agree)));
      const both = { 'max.message.bytes': '2000000', 'min.insync.replicas': '1' };
      assert.deepEqual(await ownConfigs(topic), { ...before, ...both });
      await topics.configure(topic, { set: {}, unset: Object.keys(both) });
      assert.deepEqual(await ownConfigs(topic), before);
    });

    it('goes back to the default that was shown', async () => {
      const names = ['retention.ms', 'segment.ms'];
      const shown = await Promise.all(names.map(async (name) => (await config(topic, name)).fallback));
      // The broker has -1 in its settings, and of the second it tells nothing.
      assert.deepEqual(shown, ['-1', '604800000']);
      await topics.configure(topic, { set: {}, unset: names });
      assert.deepEqual(await ownConfigs(topic), {});
      for (const [index, name] of names.entries()) {
        const now = await config(topic, name);
        assert.deepEqual([now.own, now.value], [false, shown[index]]);
      }
    });

    it('is not changed by a setting or a value that cannot be', async () => {
      const before = await ownConfigs(topic);
      const change = (name: string, value: string) =>
        topics.configure(topic, { set: { [name]: value }, unset: [] });
      await assert.rejects(change('retention', '1'), { code: 'unknown-config' });
      await assert.rejects(change('retention.ms', '7 days'), { code: 'bad-config' });
      // Known to the broker, not to our table.
      await assert.rejects(change('remote.storage.enable', 'perhaps'), { code: 'bad-config' });
      await assert.rejects(topics.configure(named('none'), { set: {}, unset: ['retention.ms'] }), {
        code: 'unknown-topic',
      });
      assert.deepEqual(await ownConfigs(topic), before);
    });

    it('is purged: its messages go, its offsets go on', async () => {
      assert.equal(await topics.purge(topic), '50');
      await send(topic, 1, today(3));
      const { partitions } = await topics.describe(topic);
      assert.deepEqual(
        partitions.map(({ low, high }) => [low, high]),
        [
          ['0', '0'],
          ['50', '53'],
        ],
      );
      const batches = (await lakehouse.broker()).read(
        topic,
        { from: 'beginning' },
        new AbortController().signal,
      );
      const offsets: string[] = [];
      for await (const batch of batches) offsets.push(...batch.map(({ offset }) => offset));
      assert.deepEqual(offsets, ['50', '51', '52']);
    });

    it('is not purged where it is compacted only, or of Kafka itself', async () => {
      const compacted = named('compacted');
      await topics.create(compacted, { partitions: 1, configs: { 'cleanup.policy': 'compact' } });
      await assert.rejects(topics.purge(compacted), { code: 'compacted-topic' });
      await assert.rejects(topics.purge('__consumer_offsets'), { code: 'internal-topic' });
      await assert.rejects(topics.remove('__consumer_offsets'), { code: 'internal-topic' });
    });

    it('is deleted, and is in the way of no other look', async () => {
      await topics.remove(topic);
      assert.ok(!(await witness.listTopics()).includes(topic));
      for (const work of [topics.describe(topic), topics.purge(topic), topics.remove(topic)]) {
        await assert.rejects(work, { code: 'unknown-topic' });
      }
      assert.equal((await topics.describe(named('compacted'))).partitions.length, 1);
      await topics.create(topic, { partitions: 1, configs: {} });
      assert.equal((await topics.describe(topic)).partitions[0]?.high, '0');
    });
  });

  describe('a consumer group', () => {
    const topic = named('read');
    const groupId = named('group');
    let consumer: Consumer;
    let readBy: number[];

    /** A member that reads and commits one by one. */
    const joined = async (): Promise<Consumer> => {
      const made = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
      readBy = [];
      await made.connect();
      await made.subscribe({ topic, fromBeginning: true });
      await made.run({
        eachMessage: ({ partition, message }) => {
          if (partition === 0) readBy.push(Number(message.offset));
          return Promise.resolve();
        },
      });
      return made;
    };
    const committed = async (): Promise<Record<number, string>> => {
      const [found] = await witness.fetchOffsets({ groupId, topics: [topic] });
      return Object.fromEntries(
        (found?.partitions ?? []).map(({ partition, offset }) => [partition, offset]),
      );
    };
    const lags = async () =>
      (await topics.group(groupId)).partitions.map(({ partition, committed: at, end, lag }) => [
        partition,
        at,
        end,
        lag,
      ]);

    before(async () => {
      await topics.create(topic, { partitions: 2, configs: {} });
      await send(topic, 0, times(100));
      await send(topic, 1, times(10));
      consumer = await joined();
      await until('all is read and committed', async () => {
        const at = await committed();
        return at[0] === '100' && at[1] === '10';
      });
    });
    after(() => consumer.disconnect());

    it('has its members with what each reads, while they read', async () => {
      const group = await topics.group(groupId);
      assert.equal(group.state, 'Stable');
      assert.deepEqual(
        group.members.map(({ clientId, host, assignment }) => [clientId, host, assignment]),
        [['kafkajs', '127.0.0.1', [{ topic, partitions: [0, 1] }]]],
      );
      assert.deepEqual(await lags(), [
        [0, '100', '100', '0'],
        [1, '10', '10', '0'],
      ]);
    });

    it('is not reset while it is active, neither by us nor by the broker', async () => {
      const target = parseResetTarget('beginning');
      await assert.rejects(previewReset(topics, { groupId, topic, target }), {
        code: 'group-active',
        message: /kafkajs \(127\.0\.0\.1\)/,
      });
      await assert.rejects(topics.commit(groupId, topic, [{ partition: 0, offset: '0' }]), {
        code: 'group-active',
      });
      const { code, stderr } = await cli(
        lakehouse.home,
        ...['group', 'reset', groupId, '--topic', topic, '--to', 'beginning', '--yes'],
      );
      assert.equal(code, 1);
      assert.match(stderr, /"code":"group-active"/);
      assert.deepEqual(await committed(), { 0: '100', 1: '10' });
    });

    it('falls behind by exactly what is sent to it', async () => {
      await consumer.disconnect();
      await send(topic, 0, times(7, 100));
      await send(topic, 1, times(1, 10));
      assert.deepEqual(await lags(), [
        [0, '100', '107', '7'],
        [1, '10', '11', '1'],
      ]);
      const listed = (await topics.groups()).find((one) => one.groupId === groupId);
      assert.deepEqual([listed?.state, listed?.members], ['Empty', []]);
    });

    for (const [to, ...expected] of [
      ['beginning', '0', '0'],
      ['offset:42', '42', '11'],
      ['shift:-2', '40', '9'],
      // The message 60 of partition 0 bears this time; partition 1 has none that late.
      [`time:${new Date(1_700_000_060_000).toISOString()}`, '60', '11'],
      [`time:${new Date(1_700_000_059_001).toISOString()}`, '60', '11'],
      ['end', '107', '11'],
    ] as const) {
      it(`is reset to ${to} as the preview showed`, async () => {
        const before = await committed();
        const request = { groupId, topic, target: parseResetTarget(to) };
        const rows = await previewReset(topics, request);
        assert.deepEqual(
          rows.map((row) => [row.before, row.after]),
          [
            [before[0], expected[0]],
            [before[1], expected[1]],
          ],
        );
        assert.deepEqual(await committed(), before);
        await applyReset(topics, request, rows);
        assert.deepEqual(await committed(), { 0: expected[0], 1: expected[1] });
      });
    }

    it('is shown first, then reset by the terminal, and reads on from there', async () => {
      const args = ['group', 'reset', groupId, '--topic', topic, '--partition', '0', '--to', 'offset:100'];
      interface Reset {
        readonly applied: boolean;
        readonly partitions: readonly { readonly before: string; readonly after: string }[];
      }
      const dry = await cliJson<Reset>(lakehouse.home, ...args, '--dry-run');
      assert.deepEqual([dry.applied, (await committed())[0]], [false, '107']);
      const unasked = await cli(lakehouse.home, ...args);
      assert.equal(unasked.code, 2);
      assert.deepEqual(await committed(), { 0: '107', 1: '11' });
      const done = await cliJson<Reset>(lakehouse.home, ...args, '--yes');
      assert.deepEqual([done.applied, done.partitions], [true, dry.partitions]);
      assert.deepEqual(await committed(), { 0: '100', 1: '11' });
      consumer = await joined();
      await until('it reads on', () => readBy.length >= 7);
      assert.deepEqual(readBy, [100, 101, 102, 103, 104, 105, 106]);
    });

    it('may be one that never read: its offsets were only set', async () => {
      const outside = named('outside');
      await topics.commit(outside, topic, [{ partition: 1, offset: '4' }]);
      assert.deepEqual(await topics.group(outside), {
        groupId: outside,
        state: 'Empty',
        members: [],
        partitions: [{ topic, partition: 1, committed: '4', end: '11', lag: '7' }],
      });
    });

    it('is not invented', async () => {
      await assert.rejects(topics.group(named('nobody')), { code: 'unknown-group' });
      const target = parseResetTarget('end');
      await assert.rejects(previewReset(topics, { groupId: named('nobody'), topic, target }), {
        code: 'unknown-group',
      });
    });
  });

  describe('the terminal', () => {
    const topic = named('terminal');
    interface Detail {
      readonly partitions: readonly unknown[];
      readonly configs: readonly { readonly name: string; readonly value: string; readonly own: boolean }[];
    }
    const json = <T>(...args: string[]): Promise<T> => cliJson<T>(lakehouse.home, ...args);
    const own = ({ configs }: Detail) =>
      Object.fromEntries(configs.filter((one) => one.own).map(({ name, value }) => [name, value]));

    it('makes, changes, purges and deletes a topic', async () => {
      const made = await json<Detail>(
        ...['topic', 'create', topic, '--partitions', '4'],
        ...['--config', 'retention.ms=1000000', '--config', 'cleanup.policy=delete'],
      );
      assert.equal(made.partitions.length, 4);
      assert.deepEqual(own(made), { 'retention.ms': '1000000', 'cleanup.policy': 'delete' });
      const changed = await json<Detail>(
        ...['topic', 'config', topic, 'segment.ms=60000', '--unset', 'cleanup.policy'],
      );
      assert.deepEqual(own(changed), { 'retention.ms': '1000000', 'segment.ms': '60000' });
      // Nobody is there to be asked whether messages may go.
      assert.equal((await cli(lakehouse.home, 'topic', 'config', topic, 'retention.ms=999999')).code, 2);
      assert.deepEqual(own(await json<Detail>('topic', 'show', topic)), own(changed));
      await json('topic', 'config', topic, 'retention.ms=999999', '--yes');
      await send(topic, 3, today(5));
      assert.equal((await cli(lakehouse.home, 'topic', 'purge', topic)).code, 2);
      assert.deepEqual(await json('topic', 'purge', topic, '--yes'), { topic, deletedMessages: '5' });
      assert.equal((await cli(lakehouse.home, 'topic', 'delete', topic)).code, 2);
      assert.ok((await witness.listTopics()).includes(topic));
      await json('topic', 'delete', topic, '--yes');
      assert.ok(!(await witness.listTopics()).includes(topic));
    });

    it('refuses as wrong use what it does not know', async () => {
      for (const args of [
        ['topic', 'config', topic],
        ['topic', 'create', topic, '--config', 'retention.ms'],
        ['group', 'reset', 'g', '--topic', topic, '--to', 'yesterday'],
      ]) {
        assert.equal((await cli(lakehouse.home, ...args)).code, 2, args.join(' '));
      }
    });
  });
});
