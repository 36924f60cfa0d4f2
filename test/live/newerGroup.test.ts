/** A consumer group of the newer protocol (KIP-848) of a running sandbox (ORDERS_LAKEHOUSE_HOME), read by Kafka's own client. */
import assert from 'node:assert/strict';
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { parseResetTarget } from '../../src/core/groups.ts';
import type { Lakehouse, TopicAdmin } from '../../src/core/ports.ts';
import { applyReset, previewReset } from '../../src/core/resetOffsets.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { cliJson } from './support/cli.ts';
import { startNewerConsumer, type NewerConsumer } from './support/newerConsumer.ts';
import { until } from './support/until.ts';

const topic = `newer-check-${process.pid}`;
const groupId = `${topic}-group`;
const idle = `${topic}-idle`;

describe('a consumer group of the newer protocol', function () {
  this.timeout(60_000);
  let lakehouse: Lakehouse;
  let topics: TopicAdmin;
  let kafka: Kafka;
  let witness: Admin;
  let bootstrap: string;
  let consumer: NewerConsumer | undefined;

  const join = async (): Promise<NewerConsumer> =>
    (consumer = await startNewerConsumer(lakehouse.home, bootstrap, topic, groupId));
  const leave = async (): Promise<void> => {
    const left = consumer;
    consumer = undefined;
    await left?.stop();
  };
  const committed = async (): Promise<Record<number, string>> => {
    const [found] = await witness.fetchOffsets({ groupId, topics: [topic] });
    return Object.fromEntries((found?.partitions ?? []).map(({ partition, offset }) => [partition, offset]));
  };
  const send = async (partition: number, many: number): Promise<void> => {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const messages = Array.from({ length: many }, (_, index) => ({ value: String(index), partition }));
    await producer.send({ topic, messages }).finally(() => producer.disconnect());
  };
  const readToTheEnd = (): Promise<unknown> =>
    until('all is read and committed', async () => {
      const at = await committed();
      return at[0] === '30' && at[1] === '5';
    });

  before(async () => {
    assert.ok(process.env['ORDERS_LAKEHOUSE_HOME'], 'ORDERS_LAKEHOUSE_HOME names a running sandbox');
    lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
    ({ bootstrap } = await lakehouse.endpoints());
    topics = await lakehouse.topicAdmin();
    kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    witness = kafka.admin();
    await witness.connect();
    await topics.create(topic, { partitions: 2, configs: {} });
    await send(0, 30);
    await send(1, 5);
    await join();
    await readToTheEnd();
  });
  after(async () => {
    await leave();
    await witness.deleteGroups([groupId, idle]);
    await witness.deleteTopics({ topics: [topic] });
    await witness.disconnect();
    await lakehouse.close();
  });

  it('is one that the broker calls dead when it is asked the old way', async () => {
    const { groups } = await witness.describeGroups([groupId]);
    assert.deepEqual(
      groups.map(({ state, members }) => [state, members]),
      [['Dead', []]],
    );
  });

  it('has its state, its members with what each reads, and its lag', async () => {
    assert.deepEqual(await topics.group(groupId), {
      groupId,
      state: 'Stable',
      members: [
        {
          memberId: consumer?.memberId,
          clientId: 'newer',
          host: '127.0.0.1',
          assignment: [{ topic, partitions: [0, 1] }],
        },
      ],
      partitions: [
        { topic, partition: 0, committed: '30', end: '30', lag: '0' },
        { topic, partition: 1, committed: '5', end: '5', lag: '0' },
      ],
    });
    interface Listed {
      readonly groups: readonly { readonly groupId: string; readonly members: readonly unknown[] }[];
    }
    const { groups } = await cliJson<Listed>(lakehouse.home, 'groups');
    assert.equal(groups.find((one) => one.groupId === groupId)?.members.length, 1);
  });

  it('is not reset while it is active, neither by us nor by the broker', async () => {
    const refused = { code: 'group-active', message: /newer \(127\.0\.0\.1\)/ };
    const target = parseResetTarget('beginning');
    await assert.rejects(previewReset(topics, { groupId, topic, target }), refused);
    await assert.rejects(topics.commit(groupId, topic, [{ partition: 0, offset: '0' }]), refused);
    assert.deepEqual(await committed(), { 0: '30', 1: '5' });
  });

  it('is reset once nobody reads, and is read on from there', async () => {
    await leave();
    const { state, members } = await topics.group(groupId);
    assert.deepEqual([state, members], ['Empty', []]);
    const request = { groupId, topic, target: parseResetTarget('offset:3') };
    const rows = await previewReset(topics, request);
    assert.deepEqual(
      rows.map(({ before, after, lag }) => [before, after, lag]),
      [
        ['30', '3', '27'],
        ['5', '3', '2'],
      ],
    );
    await applyReset(topics, request, rows);
    assert.deepEqual(await committed(), { 0: '3', 1: '3' });
    await join();
    await readToTheEnd();
  });

  it('stands beside a group of the old protocol', async () => {
    await topics.commit(idle, topic, [{ partition: 1, offset: '4' }]);
    const states = (await topics.groups()).map((one) => [one.groupId, one.state, one.members.length]);
    assert.deepEqual(
      states.filter(([id]) => id === groupId || id === idle),
      [
        [groupId, 'Stable', 1],
        [idle, 'Empty', 0],
      ],
    );
  });
});
