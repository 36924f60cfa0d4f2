import assert from 'node:assert/strict';
import { Type, type Schema } from 'avsc';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBodyReader } from '../../../src/adapters/avroBodies.ts';
import { createJsonTrial } from '../../../src/adapters/jsonValidator.ts';
import { createProtobufTrials } from '../../../src/adapters/protobuf.ts';
import type { Draft } from '../../../src/core/drafts.ts';
import { createOffsetRuns, runsText } from '../../../src/core/offsetRuns.ts';
import { impactText, jsonImpact } from '../../../src/core/pipelineImpact.ts';
import type { Broker, SubjectRegistry } from '../../../src/core/ports.ts';
import { rehearse, type Rehearsal } from '../../../src/core/rehearsal.ts';
import type { TriedCluster } from '../../../src/core/rehearsalJudges.ts';
import { rehearsalLines, rehearsalSummary } from '../../../src/core/rehearsalText.ts';
import type { RegisteredSchema, SchemaType } from '../../../src/core/schemas.ts';
import type { RawMessage } from '../../../src/core/topics.ts';

const never = new AbortController().signal;
const record = (...fields: unknown[]): unknown => ({ type: 'record', name: 'R', fields });
const AMOUNT = { name: 'amount', type: ['null', 'long'] };
const SCHEMAS: Readonly<Record<number, Omit<RegisteredSchema, 'id'>>> = {
  1: { type: 'AVRO', schema: JSON.stringify(record(AMOUNT)) },
  2: { type: 'JSON', schema: '{}' },
  3: { type: 'PROTOBUF', schema: 'syntax = "proto3"; message M { string a = 1; int32 b = 2; }' },
};

const raw = (partition: number, offset: number, value: Uint8Array | null): RawMessage => ({
  topic: 't',
  partition,
  offset: String(offset),
  timestampMs: offset,
  key: null,
  value,
  headers: [],
});
const framed = (id: number, body: Uint8Array): Uint8Array => Uint8Array.from([0, 0, 0, 0, id, ...body]);
const written = (amount: number | null): Uint8Array => {
  const type = Type.forSchema(record(AMOUNT) as Schema, { wrapUnions: 'always' });
  return framed(1, type.toBuffer({ amount: amount === null ? null : { long: amount } }));
};

function brokerOf(messages: readonly RawMessage[], partitions: number): Pick<Broker, 'topic' | 'read'> {
  const of = (id: number): readonly RawMessage[] => messages.filter(({ partition }) => partition === id);
  return {
    topic: (name) =>
      Promise.resolve({
        name,
        internal: false,
        messages: messages.length,
        partitions: Array.from({ length: partitions }, (_, id) => ({
          id,
          low: '0',
          high: String(Number(of(id).at(-1)?.offset ?? -1) + 1),
        })),
      }),
    // eslint-disable-next-line @typescript-eslint/require-await -- the port's shape
    read: async function* () {
      yield messages.slice(0, 3);
      yield messages.slice(3);
    },
  };
}

function tryOn(
  messages: readonly RawMessage[],
  schema: unknown,
  subject = 't-value',
  type: SchemaType = 'AVRO',
): Promise<Rehearsal> {
  const draft: Draft = {
    subject,
    type,
    schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
    references: [],
    versions: [],
  };
  const registry = {
    schema: (id: number) => Promise.resolve(SCHEMAS[id] && { id, ...SCHEMAS[id] }),
    referenced: () => Promise.resolve([]),
  };
  const cluster: TriedCluster = {
    broker: () => Promise.resolve(brokerOf(messages, 2) as Broker),
    registry: () => Promise.resolve(registry as unknown as SubjectRegistry),
    avroBodies: () => Promise.resolve(createBodyReader),
    jsonTrials: () => Promise.resolve(createJsonTrial),
    protobufTrials: () => Promise.resolve(createProtobufTrials),
  };
  return rehearse(cluster, { draft, topic: 't' }, () => undefined, never);
}

/** The branch, then 2^63 − 1, which no number of JavaScript is. */
const LARGEST = Uint8Array.from([2, 0xfe, ...Array<number>(8).fill(0xff), 1]);

const MESSAGES = [
  raw(0, 0, written(null)),
  raw(0, 1, written(null)),
  raw(0, 2, framed(1, LARGEST)),
  raw(0, 4, written(null)),
  raw(1, 0, null),
  raw(1, 1, framed(1, Uint8Array.from([2]))),
  raw(1, 2, framed(9, new Uint8Array())),
  raw(1, 3, framed(2, new Uint8Array())),
  raw(1, 4, Uint8Array.from([1, 2, 3])),
];

describe('a rehearsal', () => {
  it('counts each message once, and names those that the draft cannot read', async () => {
    const found = await tryOn(MESSAGES, record({ name: 'amount', type: 'long' }));
    const { messages, readable, different, unreadable, undecodable, empty } = found;
    assert.deepEqual(
      { messages, readable, different, unreadable, undecodable, empty },
      { messages: 9, readable: 1, different: 0, unreadable: 4, undecodable: 3, empty: 1 },
    );
    const [worst] = found.troubles;
    assert.deepEqual(
      [worst?.effect, worst?.field, worst?.schemaId, worst?.messages],
      ['unreadable', 'amount', 1, 3],
    );
    assert.deepEqual(worst?.places, [
      { partition: 0, from: '0', to: '1' },
      { partition: 0, from: '4', to: '4' },
    ]);
    assert.deepEqual(
      found.writers.map(({ schemaId, messages: all, unreadable: lost }) => [schemaId, all, lost]),
      [
        [null, 1, 0],
        [1, 5, 3],
        [2, 1, 1],
        [9, 1, 0],
      ],
    );
    const text = rehearsalLines(found).join('\n');
    assert.match(text, /amount: null cannot be read as long · 3 messages · schema 1\n {4}0\/0–1, 0\/4\n/);
    assert.match(rehearsalSummary(found), /^4 of 9 messages cannot be read\.$/);
  });

  it('finds nothing against a draft that reads all', async () => {
    const avro = MESSAGES.filter(({ value }) => value?.[4] !== 2);
    const found = await tryOn(avro, record(AMOUNT, { name: 'new', type: 'int', default: 0 }));
    assert.deepEqual([found.readable, found.unreadable, found.different], [4, 0, 0]);
    assert.match(rehearsalSummary(found), /8 messages tried/);
  });

  it('holds each JSON body against a JSON Schema, whichever schema wrote it', async () => {
    const json = (offset: number, value: unknown): RawMessage =>
      raw(0, offset, framed(2, Buffer.from(JSON.stringify(value))));
    const messages = [
      json(0, { a: 1 }),
      json(1, { a: 'x' }),
      json(2, { a: 'y' }),
      json(3, { b: 'x' }),
      raw(0, 4, framed(2, Buffer.from('{'))),
      raw(0, 5, written(1)),
      raw(0, 6, null),
    ];
    const draft = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
    const found = await tryOn(messages, draft, 't-value', 'JSON');
    assert.deepEqual(
      found.troubles.map(({ effect, field, reason, schemaId, messages: all, places }) => [
        effect,
        field,
        reason,
        schemaId,
        all,
        runsText(places),
      ]),
      [
        ['unreadable', 'a', 'integer expected, found string', 2, 2, '0/1–2'],
        ['unreadable', 'a', 'it is required, and missing', 2, 1, '0/3'],
        ['undecodable', '', 'the body is not JSON', 2, 1, '0/4'],
        ['unreadable', '', 'AVRO cannot be read as JSON', 1, 1, '0/5'],
      ],
    );
    const { readable, different, unreadable, undecodable, empty } = found;
    assert.deepEqual([readable, different, unreadable, undecodable, empty], [1, 0, 4, 1, 1]);
    await assert.rejects(tryOn([], '{"type": 5}', 't-value', 'JSON'), { code: 'not-a-schema' });
  });

  it('holds each Protobuf body against a Protobuf draft', async () => {
    const proto = (offset: number, ...body: number[]): RawMessage =>
      raw(1, offset, framed(3, Uint8Array.from([0, ...body])));
    const messages = [proto(0, 10, 1, 120, 16, 7), proto(1, 10, 1, 120), proto(2, 16, 7), proto(3, 10, 9)];
    const draft = 'syntax = "proto3"; message M { int32 a = 1; }';
    const found = await tryOn(messages, draft, 't-value', 'PROTOBUF');
    assert.deepEqual(
      found.troubles.map(({ effect, field, places }) => [effect, field, runsText(places)]),
      [
        ['unreadable', 'a', '1/0–1'],
        ['different', 'b', '1/0, 1/2'],
        ['undecodable', '', '1/3'],
      ],
    );
    assert.deepEqual([found.unreadable, found.different, found.undecodable], [2, 1, 1]);
    await assert.rejects(tryOn([], 'message {', 't-value', 'PROTOBUF'), { code: 'not-a-schema' });
  });

  it('keeps few reasons of many, and counts all', async () => {
    const messages = Array.from({ length: 600 }, (_, index) =>
      raw(0, index, framed(2, Buffer.from(JSON.stringify({ [`n${index}`]: 1 })))),
    );
    const found = await tryOn(messages, { additionalProperties: false }, 't-value', 'JSON');
    assert.equal(found.unreadable, 600);
    const [rest] = found.troubles;
    assert.deepEqual([found.troubles.length, rest?.field, rest?.messages], [501, '', 100]);
    assert.equal(runsText(rest?.places ?? []), '0/500–599');
  });

  it('tells what of the pipeline a JSON Schema of the same lines breaks', () => {
    const path = join(import.meta.dirname, '../../../sandbox/schemas/orders-json-value.json');
    const now = JSON.parse(readFileSync(path, 'utf8')) as {
      required: string[];
      properties: Record<string, object>;
    };
    assert.deepEqual(jsonImpact('orders-json-value', now), []);
    assert.deepEqual(jsonImpact('t-value', {}), []);
    const { productName: _gone, ...kept } = now.properties;
    const draft = {
      required: now.required.filter((name) => name !== 'quantity'),
      definitions: { Text: { type: ['null', 'string'] } },
      properties: {
        ...kept,
        day: kept['date'],
        date: { type: 'string' },
        price: { type: 'number' },
        customerNo: { type: 'string' },
        country: { $ref: '#/definitions/Text' },
      },
    } as Parameters<typeof jsonImpact>[1];
    const impact = jsonImpact('orders-json-value', draft);
    assert.deepEqual(
      impact.map(({ field, problem }) => [field, problem]),
      [
        ['date', 'retyped'],
        ['productName', 'missing'],
        ['price', 'retyped'],
        ['quantity', 'nullable'],
        ['country', 'nullable'],
      ],
    );
    assert.deepEqual(
      impact[1] && impactText(impact[1]),
      'productName: silver.orders.product_name; gold.product_performance.product_name',
    );
    assert.deepEqual(impact[2]?.rules, ['positive_price']);
  });

  it('tells what of the pipeline breaks, for the subject that the pipeline reads', async () => {
    const text = { type: 'string' };
    const draft = record(
      { name: 'transactionNo', ...text },
      { name: 'day', aliases: ['date'], type: { type: 'int', logicalType: 'date' } },
      { name: 'productNo', ...text },
      { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 3 } },
      { name: 'quantity', type: 'int' },
      { name: 'customerNo', type: ['string', 'null'] },
      { name: 'country', type: ['null', 'string'] },
    );
    assert.deepEqual((await tryOn([], draft)).pipeline, []);
    const { pipeline } = await tryOn([], draft, 'orders-value');
    assert.deepEqual(
      pipeline.map(({ field, problem }) => [field, problem]),
      [
        ['date', 'renamed'],
        ['productName', 'missing'],
        ['price', 'retyped'],
        ['country', 'nullable'],
      ],
    );
    assert.deepEqual(pipeline.map(impactText).slice(1), [
      'productName: silver.orders.product_name; gold.product_performance.product_name',
      'price: silver.orders.price, amount; ' +
        'gold.sales_daily.gross_revenue, cancelled_revenue, net_revenue; gold.product_performance.gross_revenue; ' +
        'gold.customer_value.net_revenue, segment; ' +
        'gold.finance_monthly.gross_revenue, cancelled_revenue, net_revenue, average_order_value; rule positive_price',
      'country: silver.orders.country; gold.sales_daily.country; rule has_country',
    ]);
  });
});

describe('runs of offsets', () => {
  it('join neighbours, in whichever order they come', () => {
    const runs = createOffsetRuns();
    for (const offset of [5, 4, 9, 10, 7, 6]) runs.add(1, String(offset));
    runs.add(0, '9007199254740993');
    assert.equal(runsText(runs.runs()), '0/9007199254740993, 1/4–7, 1/9–10');
    assert.equal(runsText(runs.runs(), 1), '0/9007199254740993, …');
    assert.equal(runs.cut(), false);
  });
});
