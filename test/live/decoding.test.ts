/** Messages of every format through a real broker and registry, read back with the terminal and explained. */
import assert from 'node:assert/strict';
import { Type, type Schema } from 'avsc';
import { Kafka, logLevel, Partitioners, type Message as Outgoing } from 'kafkajs';
import { createMessageDecoder } from '../../src/adapters/messageDecoder.ts';
import { createSchemaRegistry } from '../../src/adapters/schemaRegistry.ts';
import type { Explained } from '../../src/core/explained.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import type { Message } from '../../src/core/topics.ts';
import { cliJson } from './support/cli.ts';

/** A sandbox that runs already; it is left as it was. */
const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
const prefix = `decoding-${process.pid}-`;
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/**
 * message A {} message M { map<string, int32> by = 1; google.protobuf.Timestamp at = 2; message N { int64 n_o = 1; } }
 * in package p, compiled and written by Python's protobuf 7.36, as its clients register it.
 */
const COMPILED =
  'CgdtLnByb3RvEgFwGh9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvIgMKAUEiggEKAU0SGAoCYnkYASADKAsyDC5wLk0uQnlFbnRy' +
  'eRImCgJhdBgCIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAaKQoHQnlFbnRyeRILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAU6' +
  'AjgBGhAKAU4SCwoDbl9vGAEgASgDYgZwcm90bzM=';

const proto3 = (text: string): string => `syntax = "proto3";\npackage shop;\n${text}\n`;
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');
function framed(id: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, body]);
}

describe('decoding', function () {
  this.timeout(60_000);
  let kafka: Kafka;
  let registryUrl: string;
  const topics: string[] = [];
  /** The last is deleted first: it refers to those before it. */
  const subjects: string[] = [];

  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(registryUrl + path, {
      method,
      headers: { 'content-type': MEDIA_TYPE },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as unknown;
  };
  const register = async (
    name: string,
    schemaType: string,
    schema: unknown,
    references: readonly Reference[] = [],
  ): Promise<number> => {
    const subject = prefix + name;
    if (!subjects.includes(subject)) subjects.push(subject);
    const { id } = (await call('POST', `/subjects/${subject}/versions`, {
      schemaType,
      schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
      references,
    })) as { id: number };
    return id;
  };
  const refer = (name: string, to: string): Reference => ({ name, subject: prefix + to, version: 1 });
  /** Sends to a topic of its own, one message after the other, and reads them back with the terminal. */
  const throughKafka = async (name: string, messages: readonly Outgoing[]): Promise<readonly Message[]> => {
    const topic = prefix + name;
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '20000000' }] },
      ],
    });
    await admin.disconnect();
    topics.push(topic);
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages: [...messages] });
    await producer.disconnect();
    const read = await cliJson<{ messages: Message[] }>(home, 'read', topic);
    assert.equal(read.messages.length, messages.length);
    return read.messages;
  };
  const explain = (topic: string, value: Uint8Array, key: Uint8Array | null = null): Promise<Explained> =>
    createMessageDecoder(
      createSchemaRegistry({ url: registryUrl, login: { kind: 'none' }, tls: null }),
    ).explain({
      topic: prefix + topic,
      partition: 0,
      offset: '0',
      timestampMs: 0,
      key,
      value,
      headers: [],
    });

  before(async () => {
    assert.notEqual(home, '', 'ORDERS_LAKEHOUSE_HOME must name the home of a running sandbox');
    const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(endpoints);
    registryUrl = endpoints.registryUrl;
    kafka = new Kafka({ brokers: [endpoints.bootstrap], logLevel: logLevel.NOTHING });
  });
  after(async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics });
    await admin.disconnect();
    for (const subject of subjects.reverse()) {
      await call('DELETE', `/subjects/${subject}`);
      await call('DELETE', `/subjects/${subject}?permanent=true`);
    }
  });

  it('reads Avro with references, unions and logical types, and its key', async () => {
    const money = {
      type: 'record',
      name: 'shop.Money',
      fields: [
        { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
        {
          name: 'currency',
          type: { type: 'enum', name: 'Currency', symbols: ['EUR', 'BRL'] },
          default: 'EUR',
        },
      ],
    };
    const card = { type: 'record', name: 'shop.Card', fields: [{ name: 'last4', type: 'string' }] };
    const order = {
      type: 'record',
      name: 'shop.Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'total', type: 'shop.Money' },
        { name: 'paid', type: ['null', 'shop.Card', 'shop.Money', 'string'] },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
        { name: 'within', type: { type: 'fixed', name: 'Within', size: 12, logicalType: 'duration' } },
        { name: 'parts', type: { type: 'array', items: 'shop.Order' } },
      ],
    };
    await register('money', 'AVRO', money);
    await register('card', 'AVRO', card);
    const references = [refer('shop.Money', 'money'), refer('shop.Card', 'card')];
    const id = await register('avro-value', 'AVRO', order, references);
    const keyId = await register('avro-key', 'AVRO', {
      type: 'record',
      name: 'shop.Key',
      fields: [{ name: 'no', type: 'string' }],
    });
    // The library writes by one schema that holds them all.
    const whole = structuredClone(order) as { fields: { type: unknown }[] };
    if (whole.fields[1]) whole.fields[1].type = money;
    if (whole.fields[2]) whole.fields[2].type = ['null', card, 'shop.Money', 'string'];
    const type = Type.forSchema(whole as unknown as Schema, { wrapUnions: 'always' });
    const line = {
      id: 1,
      total: { amount: hex('04e2'), currency: 'BRL' },
      paid: { 'shop.Card': { last4: '4242' } },
      day: 18_239,
      at: 1_575_849_600_000_000,
      within: hex('00000000 02000000 00000000'),
      parts: [],
    };
    const paid = { 'shop.Money': { amount: hex('ff'), currency: 'EUR' } };
    const value = framed(id, type.toBuffer({ ...line, parts: [{ ...line, id: 2, paid }] }));
    const key = framed(keyId, hex('02 41'));
    const [message, cut] = await throughKafka('avro', [
      { key, value },
      { key: 'k', value: value.subarray(0, value.length - 1) },
    ]);

    const readLine = {
      id: '1',
      total: { amount: '12.50', currency: 'BRL' },
      paid: { last4: '4242' },
      day: '2019-12-09',
      at: '2019-12-09T00:00:00.000000Z',
      within: 'P2D',
      parts: [],
    };
    assert.deepEqual(message?.value, {
      ...readLine,
      parts: [{ ...readLine, id: '2', paid: { amount: '-0.01', currency: 'EUR' } }],
    });
    assert.deepEqual([message.schemaId, message.key, message.keySchemaId], [id, '{"no":"A"}', keyId]);
    assert.match(cut?.error ?? '', /do not fit the schema at field parts$/);

    const explained = await explain('avro', value, key);
    assert.deepEqual(explained.value?.writer?.versions, [{ subject: `${prefix}avro-value`, version: 1 }]);
    assert.equal(explained.value.reader?.id, id);
    assert.deepEqual(
      explained.value.logical
        .filter(({ path }) => path.startsWith('parts[0].'))
        .map(({ path, readable }) => [path.slice('parts[0].'.length), readable]),
      [
        ['id', '2'],
        ['total.amount', '12.50'],
        ['paid', 'shop.Money'],
        ['paid.amount', '-0.01'],
        ['day', '2019-12-09'],
        ['at', '2019-12-09T00:00:00.000000Z'],
        ['within', 'P2D'],
      ],
    );
    assert.equal(explained.key?.reader?.subject, `${prefix}avro-key`);
  });

  it('reads Protobuf with an import, a nested message and well-known types, and its key', async () => {
    const MONEY = proto3('message Money { int64 units = 1; string currency = 2; }');
    const ORDER = proto3(`import "shop/money.proto";
      import "google/protobuf/timestamp.proto";
      message Other { int32 x = 1; }
      message Order {
        message Line { string product = 1; uint64 count = 2; }
        message Shipment { message Box { Money value = 1; google.protobuf.Timestamp at = 2; Kind kind = 3; } }
        enum Kind { SMALL = 0; LARGE = 1; }
        repeated Line lines = 1;
        map<string, Money> totals = 2;
        oneof pays { string card = 3; Money cash = 4; }
        bool gift = 5;
      }`);
    await register('money-proto', 'PROTOBUF', MONEY);
    const id = await register('proto-value', 'PROTOBUF', ORDER, [refer('shop/money.proto', 'money-proto')]);
    const compiledId = await register('compiled', 'PROTOBUF', COMPILED);
    const keyId = await register('proto-key', 'PROTOBUF', proto3('message Key { sint64 n = 1; }'));
    // The largest uint64; index 1 of the file; a field 9 that the schema does not have.
    const order = hex(
      '02 02' +
        '0a 0e 0a 01 41 10 ff ff ff ff ff ff ff ff ff 01' +
        '12 0c 0a 03 66 65 65 12 05 08 05 12 01 52' +
        '22 02 08 07' +
        '48 01',
    );
    // Index 1, then 1, then 0 within it: shop.Order.Shipment.Box.
    const box = hex('06 02 02 00' + '0a 09 08 ff ff ff ff ff ff ff 7f' + '12 02 10 01' + '18 01');
    const [whole, nested, cut, lost, compiled] = await throughKafka('proto', [
      { key: framed(keyId, hex('00 08 03')), value: framed(id, order) },
      { value: framed(id, box) },
      { value: framed(id, order.subarray(0, 12)) },
      { value: framed(id, hex('02 0a')) },
      { value: framed(compiledId, hex('04 02 02 08 05')) },
    ]);

    assert.deepEqual(whole?.value, {
      lines: [{ product: 'A', count: '18446744073709551615' }],
      totals: { fee: { units: '5', currency: 'R' } },
      cash: { units: '7', currency: '' },
      gift: false,
    });
    assert.deepEqual([whole.schemaId, whole.key, whole.keySchemaId], [id, '{"n":"-2"}', keyId]);
    assert.deepEqual(nested?.value, {
      value: { units: '72057594037927935', currency: '' },
      at: '1970-01-01T00:00:00.000000001Z',
      kind: 'LARGE',
    });
    assert.match(cut?.error ?? '', /end within field lines$/);
    assert.match(lost?.error ?? '', /no message at index 5$/);
    assert.deepEqual(compiled?.value, { n_o: '5' });

    const { value } = await explain('proto', framed(id, order));
    assert.equal(value?.writer?.message, 'shop.Order');
    assert.equal(value.unknownFields, 1);
    assert.match(value.writer.text, /^syntax = "proto3";\npackage shop;\n/);
    assert.equal((await explain('proto', framed(id, box))).value?.writer?.message, 'shop.Order.Shipment.Box');
  });

  it('reads JSON by its schema, and says what is broken and what to do', async () => {
    const id = await register('json-value', 'JSON', {
      type: 'object',
      properties: { n: { type: 'integer' } },
    });
    const newer = await register('json-value', 'JSON', { type: 'object', properties: {} });
    const messages: [Buffer, RegExp, RegExp][] = [
      [framed(id, Buffer.from('{"n":')), /not JSON/, /serializer for JSON Schema/],
      [framed(id, hex('ff')), /not UTF-8/, /serializer for JSON Schema/],
      [framed(0x7fffffff, hex('02')), /no schema with id 2147483647/, /point to the registry/],
      [Buffer.from('{"n":1}'), /first byte is 123/, /without the registry's serializer/],
      [hex('00 01'), /too short.*2 bytes/, /without the registry's serializer/],
      [Buffer.alloc(0), /empty/, /tombstone/],
    ];
    const sound = framed(id, Buffer.from('{"n":12345678901234567890,"s":"ação"}'));
    const [first, ...broken] = await throughKafka(
      'json',
      [sound, ...messages.map(([value]) => value)].map((value) => ({ value })),
    );
    assert.deepEqual(first?.value, { n: '12345678901234567890', s: 'ação' });
    for (const [index, [value, reason, next]] of messages.entries()) {
      assert.match(broken[index]?.error ?? '', reason);
      assert.equal(broken[index]?.value, value.toString('base64'));
      assert.match((await explain('json', value)).value?.failure?.next ?? '', next);
    }
    const { value } = await explain('json', sound);
    assert.deepEqual([value?.writer?.id, value?.reader?.id, value?.reader?.version], [id, newer, 2]);
    assert.deepEqual(
      value?.logical.map(({ path, readable }) => [path, readable]),
      [['n', '12345678901234567890']],
    );
  });

  it('reads plain JSON, text and bytes where the topic has no schema, also large ones', async () => {
    const large = JSON.stringify({ text: 'ação '.repeat(1_000_000) });
    const messages = await throughKafka('plain', [
      { key: 'k', value: '{"a":[1,0.1,12345678901234567890]}' },
      { value: 'olá' },
      { key: hex('ff 00'), value: hex('01 00 ff') },
      { key: hex('00 00 00 00 00 00 00 2a'), value: large },
      { value: null },
    ]);
    const [json, text, bytes, big, none] = messages;
    assert.deepEqual([json?.key, json?.value], ['k', { a: [1, 0.1, '12345678901234567890'] }]);
    assert.equal(text?.value, 'olá');
    assert.deepEqual([bytes?.key, bytes?.value], ['/wA=', 'AQD/']);
    assert.match(bytes?.error ?? '', /first byte is 1/);
    assert.equal(big?.key, 'AAAAAAAAACo=');
    assert.equal(JSON.stringify(big.value), large);
    assert.deepEqual([none?.value, none?.error], [null, undefined]);
  });
});
