/** Messages that a person writes, through a real broker and registry, read back by other clients than ours. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Type, type Schema } from 'avsc';
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs';
import { parse } from 'protobufjs';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { produceCommand } from '../../src/core/produceCommand.ts';
import type { Lakehouse } from '../../src/core/ports.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Message, RawMessage } from '../../src/core/topics.ts';
import { cli, cliJson } from './support/cli.ts';

/** A sandbox that runs already; it is left as it was. */
const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
const prefix = `send-${process.pid}-`;
const program =
  process.env['ORDERS_LAKEHOUSE_PROGRAM'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}
type Received = KafkaMessage & { readonly partition: number };
const hex = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const body = ({ value }: Received): Buffer => (value ?? Buffer.alloc(0)).subarray(5);

describe('sending', function () {
  this.timeout(60_000);
  let lakehouse: Lakehouse;
  let kafka: Kafka;
  let folder: string;
  const topics: string[] = [];
  const subjects: string[] = [];

  const topicOf = async (name: string, partitions = 1): Promise<string> => {
    const topic = prefix + name;
    topics.push(topic);
    await (await lakehouse.topicAdmin()).create(topic, { partitions, configs: {} });
    return topic;
  };
  const register = async (
    subject: string,
    type: 'AVRO' | 'JSON' | 'PROTOBUF',
    schema: unknown,
  ): Promise<number> => {
    subjects.push(subject);
    const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
    return (await lakehouse.registry()).register(subject, type, text);
  };
  /** All of a topic, by a consumer of kafkajs. */
  const received = async (topic: string, count: number): Promise<readonly Received[]> => {
    const consumer = kafka.consumer({ groupId: `${topic}-${Math.random()}` });
    await consumer.connect();
    const found: Received[] = [];
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: ({ message, partition }) => {
            found.push({ ...message, partition });
            if (found.length === count) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return found;
  };
  const endOf = async (topic: string): Promise<number> =>
    (await (await lakehouse.broker()).topic(topic)).partitions.reduce(
      (sum, { high }) => sum + Number(high),
      0,
    );
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  before(async () => {
    assert.notEqual(home, '', 'ORDERS_LAKEHOUSE_HOME must name the home of a running sandbox');
    const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(endpoints);
    kafka = new Kafka({ brokers: [endpoints.bootstrap], logLevel: logLevel.NOTHING });
    lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
    folder = mkdtempSync(join(tmpdir(), 'send-'));
  });
  after(async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((one) => one.startsWith(prefix));
    await admin.deleteGroups(own);
    await admin.disconnect();
    const registry = await lakehouse.registry();
    for (const subject of subjects) await registry.deleteSubject(subject, true);
    await lakehouse.close();
    rmSync(folder, { recursive: true });
  });

  it('writes Avro that the library reads, key and value, and tells where it is', async () => {
    const topic = await topicOf('avro', 3);
    const schema = {
      type: 'record',
      name: 'Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
        { name: 'on', type: { type: 'int', logicalType: 'date' } },
        { name: 'note', type: ['null', 'string'], default: null },
      ],
    };
    const id = await register(`${topic}-value`, 'AVRO', schema);
    await register(`${topic}-key`, 'AVRO', {
      type: 'record',
      name: 'Key',
      fields: [{ name: 'no', type: 'int' }],
    });
    const value = { id: '7', price: '10.60', on: '1970-01-11', note: 'n' };
    const args = ['--key', '{"no": 3}', '--value', JSON.stringify(value), '--partition', '2'];
    const { sent } = await cliJson<{ sent: readonly Place[] }>(home, 'send', topic, ...args);
    assert.deepEqual(sent, [{ topic, partition: 2, offset: '0' }]);
    const [message] = await received(topic, 1);
    assert.ok(message);
    assert.equal(message.partition, 2);
    assert.equal(message.value?.readInt32BE(1), id);
    const read: unknown = Type.forSchema(schema as Schema, { wrapUnions: 'always' }).fromBuffer(
      body(message),
    );
    const price = Buffer.from('0424', 'hex');
    assert.equal(JSON.stringify(read), JSON.stringify({ id: 7, price, on: 10, note: { string: 'n' } }));
    assert.equal(hex(message.key?.subarray(5)), '06');
    const { messages } = await cliJson<{ messages: Message[] }>(home, 'read', topic);
    assert.deepEqual(messages[0]?.value, value);

    const before = await endOf(topic);
    const bad = await cli(
      home,
      'send',
      topic,
      '--value',
      '{"id": "x", "price": "1.234", "on": "1970-02-30"}',
    );
    assert.equal(bad.code, 1);
    for (const place of ['value.id', 'value.price', 'value.on'])
      assert.ok(bad.stderr.includes(place), bad.stderr);
    assert.equal(await endOf(topic), before);
  });

  it('writes JSON and Protobuf that others read', async () => {
    const json = await topicOf('json');
    await register(`${json}-value`, 'JSON', {
      type: 'object',
      properties: { n: { type: 'integer' }, s: { type: 'string', maxLength: 3 } },
      additionalProperties: false,
    });
    await cliJson(home, 'send', json, '--value', '{"n": 12345678901234567890, "s": "abc"}');
    const refused = await cli(home, 'send', json, '--value', '{"s": "abcd", "t": 1}');
    assert.match(refused.stderr, /value\.s: /);
    assert.match(refused.stderr, /value\.t: /);
    const [text] = await received(json, 1);
    assert.equal(text && body(text).toString(), '{"n":12345678901234567890,"s":"abc"}');

    const proto = await topicOf('proto');
    const schema =
      'syntax = "proto3"; package shop; message Order { int64 id = 1; repeated string tags = 2; }';
    await register(`${proto}-value`, 'PROTOBUF', schema);
    await cliJson(home, 'send', proto, '--value', '{"id": "9007199254740993", "tags": ["a", ""]}');
    const [message] = await received(proto, 1);
    assert.ok(message);
    const type = parse(schema).root.lookupType('shop.Order');
    assert.equal(body(message)[0], 0);
    assert.deepEqual(type.toObject(type.decode(body(message).subarray(1)), { longs: String }), {
      id: '9007199254740993',
      tags: ['a', ''],
    });
  });

  it('writes plain text, tombstones, and headers as they are, repeated and null ones too', async () => {
    const topic = await topicOf('plain');
    const headers = [
      '--header',
      'b=1',
      '--header',
      'a=2',
      '--header',
      'b=3',
      '--header',
      '{"name":"b","value":null}',
    ];
    await cliJson(home, 'send', topic, '--key', 'k', '--value', 'no JSON', ...headers);
    await cliJson(home, 'send', topic, '--key', 'k', '--value', 'null');
    const [first, second] = await received(topic, 2);
    assert.deepEqual(
      [first?.value?.toString(), first?.key?.toString(), second?.value],
      ['no JSON', 'k', null],
    );
    const { messages } = await cliJson<{ messages: Message[] }>(home, 'read', topic);
    assert.deepEqual(messages[0]?.headers, [
      { name: 'b', value: '1' },
      { name: 'a', value: '2' },
      { name: 'b', value: '3' },
      { name: 'b', value: null },
    ]);
    assert.deepEqual(first?.headers?.['a']?.toString(), '2');
  });

  it('sends a document with placeholders, and many of one message, each at its turn', async () => {
    const topic = await topicOf('orders', 2);
    const path = await file(
      'm.orders',
      `[ // two
        { "topic": "${topic}", "key": "\${seq}", "value": { "n": "\${seq}", "id": "\${uuid}" }, "partition": 1 },
        { "topic": "${topic}", "value": "text $\${seq}", "timestamp": "2020-01-01T00:00:00Z", "partition": 1 },
      ]`,
    );
    const { sent, ranges } = await cliJson<{ sent: number; ranges: readonly object[] }>(
      home,
      'send',
      '--file',
      path,
    );
    assert.deepEqual([sent, ranges], [2, [{ topic, partition: 1, first: '0', last: '1', messages: 2 }]]);
    const [one, two] = await received(topic, 2);
    assert.match(one?.value?.toString() ?? '', /^\{"n":1,"id":"[0-9a-f-]{36}"\}$/);
    assert.deepEqual([one?.key?.toString(), two?.value?.toString()], ['1', 'text ${seq}']);
    assert.equal(Number(two?.timestamp), Date.UTC(2020, 0, 1));

    const many = await topicOf('many');
    const args = ['--value', '"${seq}"', '--count', '300', '--rate', '1000'];
    const result = await cliJson<{ sent: number }>(home, 'send', many, ...args);
    assert.equal(result.sent, 300);
    const values = (await received(many, 300)).map(({ value }) => Number(value?.toString()));
    assert.deepEqual(
      values,
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });

  it('replays a topic byte for byte, and its export by the newest schema', async () => {
    const from = await topicOf('from', 2);
    await register(`${from}-value`, 'AVRO', {
      type: 'record',
      name: 'R',
      fields: [{ name: 'n', type: 'long' }],
    });
    const five = Array.from({ length: 5 }, (_, n) => ({
      key: `k${n}`,
      value: { n },
      headers: { h: `${n}` },
    }));
    await cliJson(home, 'send', from, '--file', await file('five.orders', JSON.stringify(five)));
    await cliJson(home, 'send', from, '--value-base64', Buffer.from([9, 9]).toString('base64'));
    const to = await topicOf('to', 2);
    const flags = ['--keep-partitions', '--keep-timestamps'];
    const { sent } = await cliJson<{ sent: number }>(home, 'replay', from, '--to', to, ...flags);
    assert.equal(sent, 6);
    const shape = (all: readonly Received[]) =>
      all
        .map(({ key, value, headers, partition, timestamp }) => [
          partition,
          hex(key),
          hex(value),
          headers,
          timestamp,
        ])
        .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    assert.deepEqual(shape(await received(to, 6)), shape(await received(from, 6)));

    const { messages } = await cliJson<{ messages: Message[] }>(home, 'read', from);
    const lines = messages.map((message) => JSON.stringify(message)).join('\n');
    const other = await topicOf('other', 2);
    const id = await register(`${other}-value`, 'AVRO', {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'n', type: 'long' },
        { name: 'm', type: 'int', default: 4 },
      ],
    });
    await cliJson(home, 'send', other, '--file', await file('export.ndjson', `${lines}\n`));
    const again = await received(other, 6);
    const written = again
      .filter(({ value }) => value && value.length > 5 && value.readUInt32BE(1) === id)
      .map((one) => hex(body(one)));
    // Each with m, which is 4.
    assert.deepEqual(written.sort(), ['0008', '0208', '0408', '0608', '0808']);
    assert.equal(again.filter(({ value }) => hex(value) === '0909').length, 1);

    const wrong = await topicOf('wrong');
    const path = await file('bad.ndjson', `${JSON.stringify({ value: 1 })}\n\n{"value": 2\n{"value": 3}`);
    const stopped = await cli(home, 'send', wrong, '--file', path);
    assert.equal(stopped.code, 1);
    assert.equal((JSON.parse(stopped.stdout) as { sent: number }).sent, 1);
    assert.match(stopped.stderr, /line 3: /);
  });

  it('gives a command that sends the same bytes again', async () => {
    const topic = await topicOf('command');
    await register(`${topic}-value`, 'AVRO', {
      type: 'record',
      name: 'C',
      fields: [{ name: 's', type: 'string' }],
    });
    const value = JSON.stringify({ s: `it's $HOME "x" \${seq} \n` }).replaceAll('${', () => '$${');
    await cliJson(home, 'send', topic, '--key', "k'1", '--value', value, '--header', 'h=ü =');
    const broker = await lakehouse.broker();
    const raw: RawMessage[] = [];
    for await (const batch of broker.read(topic, { from: 'beginning' }, new AbortController().signal))
      raw.push(...batch);
    const [message] = await (await lakehouse.decoder()).decode(raw);
    assert.ok(message && raw[0]);
    const command = produceCommand(message, raw[0], { home });
    const run = command.replace(/^orders-lakehouse/, `'${process.execPath}' '${program}'`);
    await promisify(execFile)('sh', ['-c', run]);
    const [first, second] = await received(topic, 2);
    assert.deepEqual([hex(second?.key), hex(second?.value)], [hex(first?.key), hex(first?.value)]);
    assert.deepEqual(second?.headers, first?.headers);
    assert.match(body(second as Received).toString(), /it's \$HOME "x" \$\{seq\}/);
  });

  it('prints a sample that can be sent as it is', async () => {
    const topic = await topicOf('sample');
    await register(`${topic}-value`, 'AVRO', {
      type: 'record',
      name: 'S',
      fields: [
        { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      ],
    });
    const sample = await cliJson<{ value: unknown }>(home, 'send', topic, '--sample');
    const path = await file('sample.orders', JSON.stringify(sample));
    assert.equal((await cliJson<{ sent: number }>(home, 'send', '--file', path)).sent, 1);
    assert.equal((await cli(home, 'send', topic)).code, 2);
    assert.match((await cli(home, 'send', `${prefix}none`, '--value', '1')).stderr, /unknown-topic/);
  });
});
