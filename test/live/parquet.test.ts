/** What the message viewer writes as Parquet, read by pyarrow, which shares no code with it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin, type Message, type Producer } from 'kafkajs';
import { sandboxAccess } from '../../src/core/access.ts';
import type { Endpoints, SandboxStatus } from '../../src/core/sandbox.ts';
import { cliJson } from './support/cli.ts';
import { until } from './support/until.ts';

const START = Date.UTC(2026, 0, 1);

/** Types by column, and rows whose cells are as Python writes them. */
const READ = `
import json, sys
import pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1])
print(json.dumps({
    "types": {field.name: str(field.type) for field in table.schema},
    "groups": parquet.ParquetFile(sys.argv[1]).num_row_groups,
    "rows": [{name: None if cell is None else str(cell) for name, cell in row.items()} for row in table.to_pylist()],
}))`;
import { openTopicPeer, type TopicPeer } from './support/topicPeer.ts';

interface Parquet {
  readonly types: Readonly<Record<string, string>>;
  readonly groups: number;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** Avro by hand: whole numbers as zigzag varints, texts and bytes behind their length. */
const long = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
};
const bytes = (value: Buffer | string): Buffer => {
  const body = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([long(BigInt(body.length)), body]);
};
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const double = (value: number): Buffer => {
  const body = Buffer.alloc(8);
  body.writeDoubleLE(value);
  return body;
};

const SALE = {
  type: 'record',
  name: 'shop.Sale',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'small', type: { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 1 } },
    { name: 'wide', type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 }] },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'opens', type: { type: 'int', logicalType: 'time-millis' } },
    { name: 'paid', type: 'boolean' },
    { name: 'ratio', type: 'double' },
    { name: 'raw', type: 'bytes' },
    { name: 'place', type: { type: 'record', name: 'Place', fields: [{ name: 'city', type: 'string' }] } },
    { name: 'Key', type: ['null', 'string'] },
  ],
};

describe('messages as Parquet', function () {
  this.timeout(120_000);
  const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
  const run = `parquet${process.pid}`;
  const open: (() => void)[] = [];
  const subjects: string[] = [];
  let folder: string;
  let endpoints: Endpoints;
  let admin: Admin;
  let producer: Producer;

  before(async () => {
    const status = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(status.endpoints, 'a sandbox runs in ORDERS_LAKEHOUSE_HOME');
    ({ endpoints } = status);
    const kafka = new Kafka({ brokers: [endpoints.bootstrap], logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
    folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-parquet-'));
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(run)) });
    for (const subject of subjects) {
      for (const how of ['', '?permanent=true']) {
        await fetch(`${endpoints.registryUrl}/subjects/${subject}${how}`, { method: 'DELETE' });
      }
    }
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  async function register(topic: string, schema: unknown): Promise<number> {
    const subject = `${topic}-value`;
    subjects.push(subject);
    const response = await fetch(`${endpoints.registryUrl}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schemaType: 'AVRO', schema: JSON.stringify(schema) }),
    });
    assert.ok(response.ok, await response.clone().text());
    return ((await response.json()) as { id: number }).id;
  }
  const framed = (id: number, ...body: readonly Buffer[]): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(id, 1);
    return Buffer.concat([head, ...body]);
  };
  async function createTopic(name: string): Promise<string> {
    const topic = `${run}-${name}`;
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] });
    return topic;
  }
  /** A thread that holds all of the topic, the oldest first. */
  async function hold(topic: string, messages: readonly Message[]): Promise<TopicPeer> {
    for (let from = 0; from < messages.length; from += 10_000) {
      await producer.send({ topic, messages: messages.slice(from, from + 10_000) });
    }
    const { peer, close } = openTopicPeer(topic, sandboxAccess(endpoints));
    open.push(close);
    await peer.call('read', {
      start: { from: 'beginning' },
      end: { until: 'now' },
      keep: 'all',
      limits: { records: 1_000_000, bytes: 256 * 1024 * 1024 },
      filter: {},
    });
    await until('all messages', async () => {
      const { phase, matches } = await peer.call('state', null);
      return phase === 'ended' && matches === messages.length;
    });
    await peer.call('sort', { by: 'offset', descending: false });
    return peer;
  }
  async function write(peer: TopicPeer, name: string): Promise<Parquet> {
    const path = join(folder, name);
    await peer.call('write', { path, format: 'parquet', fields: [] });
    const { python } = JSON.parse(readFileSync(join(home, 'run', 'installed.json'), 'utf8')) as {
      python: string;
    };
    const found = execFileSync(python, ['-c', READ, path], { maxBuffer: 2 ** 28, encoding: 'utf8' });
    return JSON.parse(found) as Parquet;
  }

  it('types its columns by the Avro schema, to the last digit', async () => {
    const topic = await createTopic('typed');
    const id = await register(topic, SALE);
    const peer = await hold(topic, [
      {
        key: 'one',
        timestamp: String(START),
        headers: { trace: 'é' },
        value: framed(
          id,
          long(9_223_372_036_854_775_807n),
          // 12.50 is 1250 hundredths.
          bytes(hex('04e2')),
          bytes(hex('01')),
          Buffer.concat([long(1n), bytes(hex('00d3c21bcecceda1000001'))]),
          long(20_454n),
          long(1_767_225_600_123_456n),
          long(34_200_001n),
          Buffer.from([1]),
          double(0.1),
          bytes(hex('00ff')),
          bytes('São Paulo'),
          Buffer.concat([long(1n), bytes('inner')]),
        ),
      },
      {
        key: null,
        timestamp: String(START + 1),
        value: framed(
          id,
          long(-9_007_199_254_740_993n),
          bytes(hex('ff')),
          bytes(hex('f001')),
          long(0n),
          long(-1n),
          long(-1n),
          long(0n),
          Buffer.from([0]),
          double(-2.5),
          bytes(''),
          bytes(''),
          long(0n),
        ),
      },
      { key: 'gone', timestamp: String(START + 2), value: null },
      { key: 'broken', timestamp: String(START + 3), value: framed(id, Buffer.from([1])) },
    ]);
    const { types, rows } = await write(peer, 'typed.parquet');
    assert.deepEqual(types, {
      topic: 'string',
      partition: 'int32',
      offset: 'int64',
      timestamp: 'timestamp[ms, tz=UTC]',
      key: 'string',
      headers: 'string',
      schemaId: 'int64',
      id: 'int64',
      amount: 'decimal128(10, 2)',
      small: 'decimal128(4, 1)',
      wide: 'decimal128(38, 10)',
      day: 'date32[day]',
      at: 'timestamp[us, tz=UTC]',
      opens: 'time32[ms]',
      paid: 'bool',
      ratio: 'double',
      raw: 'binary',
      place: 'string',
      'value.Key': 'string',
      value: 'string',
      error: 'string',
    });
    const nothing = Object.fromEntries(Object.keys(types).map((name) => [name, null]));
    const { value: _, ...noField } = nothing;
    const { value: first, ...one } = rows[0] ?? {};
    assert.equal((JSON.parse(first ?? '') as { id: unknown }).id, '9223372036854775807');
    assert.deepEqual(one, {
      topic,
      partition: '0',
      offset: '0',
      timestamp: '2026-01-01 00:00:00+00:00',
      key: 'one',
      headers: '[{"name":"trace","value":"é"}]',
      schemaId: String(id),
      id: '9223372036854775807',
      amount: '12.50',
      small: '0.1',
      // 0xd3c21bcecceda1000001 is 10^24 + 1.
      wide: '100000000000000.0000000001',
      day: '2026-01-01',
      at: '2026-01-01 00:00:00.123456+00:00',
      opens: '09:30:00.001000',
      paid: 'True',
      ratio: '0.1',
      raw: "b'\\x00\\xff'",
      place: '{"city":"São Paulo"}',
      'value.Key': 'inner',
      error: null,
    });
    const { value: second, ...two } = rows[1] ?? {};
    assert.ok(second);
    assert.deepEqual(two, {
      ...noField,
      topic,
      partition: '0',
      offset: '1',
      timestamp: '2026-01-01 00:00:00.001000+00:00',
      headers: '[]',
      schemaId: String(id),
      id: '-9007199254740993',
      amount: '-0.01',
      small: '-409.5',
      day: '1969-12-31',
      at: '1969-12-31 23:59:59.999999+00:00',
      opens: '00:00:00',
      paid: 'False',
      ratio: '-2.5',
      raw: "b''",
      place: '{"city":""}',
      error: null,
    });
    assert.deepEqual(rows[2], {
      ...nothing,
      topic,
      partition: '0',
      offset: '2',
      timestamp: '2026-01-01 00:00:00.002000+00:00',
      key: 'gone',
      headers: '[]',
    });
    const { error, ...broken } = rows[3] ?? {};
    assert.match(error ?? '', /the bytes do not fit the schema/);
    assert.deepEqual(
      [broken['id'], broken['value']],
      [null, framed(id, Buffer.from([1])).toString('base64')],
    );
  });

  it('keeps what a column of its type cannot hold, as text', async () => {
    const topic = await createTopic('misfit');
    const id = await register(topic, {
      type: 'record',
      name: 'Tight',
      fields: [
        { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 3, scale: 2 } },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
      ],
    });
    const peer = await hold(topic, [
      { value: framed(id, bytes(hex('7b')), long(0n)) },
      // 12345 hundredths are five digits, and the year is beyond those with four: 27 times 400 years after 2121-08-18.
      { value: framed(id, bytes(hex('3039')), long(4_000_000n)) },
    ]);
    const { types, rows } = await write(peer, 'misfit.parquet');
    assert.deepEqual([types['price'], types['day']], ['string', 'string']);
    assert.deepEqual(
      rows.map(({ price, day }) => [price, day]),
      [
        ['1.23', '1970-01-01'],
        ['123.45', '+012921-08-18'],
      ],
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('types by what the values are where no schema says it', async () => {
    const topic = await createTopic('plain');
    const peer = await hold(
      topic,
      [
        '{"n":1,"share":1,"mixed":1,"deep":{"a":[1]},"flag":true,"nothing":null}',
        '{"n":9007199254740991,"share":0.5,"mixed":"x","flag":null,"late":"2026-01-01"}',
        'no JSON',
        '[1,2]',
      ].map((value) => ({ value })),
    );
    const { types, rows } = await write(peer, 'plain.parquet');
    const fields = Object.entries(types).slice(7, -2);
    assert.deepEqual(fields, [
      ['n', 'int64'],
      ['share', 'double'],
      ['mixed', 'string'],
      ['deep', 'string'],
      ['flag', 'bool'],
      ['nothing', 'string'],
      ['late', 'string'],
    ]);
    assert.deepEqual(
      rows.map((row) => [...fields.map(([name]) => row[name]), row['value']]),
      [
        [
          '1',
          '1.0',
          '1',
          '{"a":[1]}',
          'True',
          null,
          null,
          '{"n":1,"share":1,"mixed":1,"deep":{"a":[1]},"flag":true,"nothing":null}',
        ],
        [
          '9007199254740991',
          '0.5',
          'x',
          null,
          null,
          null,
          '2026-01-01',
          '{"n":9007199254740991,"share":0.5,"mixed":"x","flag":null,"late":"2026-01-01"}',
        ],
        [null, null, null, null, null, null, null, 'no JSON'],
        [null, null, null, null, null, null, null, '[1,2]'],
      ],
    );
  });

  it('writes many in groups, in the order shown; one that is cancelled leaves no file', async () => {
    const topic = await createTopic('many');
    const id = await register(topic, {
      type: 'record',
      name: 'One',
      fields: [{ name: 'n', type: 'long' }],
    });
    const peer = await hold(
      topic,
      Array.from({ length: 50_000 }, (_, n) => ({ value: framed(id, long(BigInt(n) * 3n)) })),
    );
    const giveUp = new AbortController();
    const path = join(folder, 'never.parquet');
    const writing = peer.call('write', { path, format: 'parquet', fields: [] }, giveUp.signal);
    await until('a part of it', () => existsSync(`${path}.part`));
    giveUp.abort();
    await assert.rejects(writing, { name: 'AbortError' });
    await until('nothing of it', () => !existsSync(`${path}.part`));
    assert.equal(existsSync(path), false);

    const { groups, rows } = await write(peer, 'many.parquet');
    assert.ok(groups >= 3, String(groups));
    assert.deepEqual(
      rows.map(({ offset, n }) => [offset, n]),
      Array.from({ length: 50_000 }, (_, n) => [String(n), String(n * 3)]),
    );
  });
});
