import assert from 'node:assert/strict';
import { Type, type Schema } from 'avsc';
import { createBodyReader } from '../../../src/adapters/avroBodies.ts';
import type { Draft } from '../../../src/core/drafts.ts';
import { createOffsetRuns, runsText } from '../../../src/core/offsetRuns.ts';
import { impactText } from '../../../src/core/pipelineImpact.ts';
import type { Broker, Lakehouse, SubjectRegistry } from '../../../src/core/ports.ts';
import { rehearse, type Rehearsal } from '../../../src/core/rehearsal.ts';
import { rehearsalLines, rehearsalSummary } from '../../../src/core/rehearsalText.ts';
import type { RegisteredSchema } from '../../../src/core/schemas.ts';
import type { RawMessage } from '../../../src/core/topics.ts';

const never = new AbortController().signal;
const record = (...fields: unknown[]): unknown => ({ type: 'record', name: 'R', fields });
const AMOUNT = { name: 'amount', type: ['null', 'long'] };
const SCHEMAS: Readonly<Record<number, Omit<RegisteredSchema, 'id'>>> = {
  1: { type: 'AVRO', schema: JSON.stringify(record(AMOUNT)) },
  2: { type: 'JSON', schema: '{}' },
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

function tryOn(messages: readonly RawMessage[], schema: unknown, subject = 't-value'): Promise<Rehearsal> {
  const draft: Draft = {
    subject,
    type: 'AVRO',
    schema: JSON.stringify(schema),
    references: [],
    versions: [],
  };
  const registry = {
    schema: (id: number) => Promise.resolve(SCHEMAS[id] && { id, ...SCHEMAS[id] }),
    referenced: () => Promise.resolve([]),
  };
  const lakehouse: Pick<Lakehouse, 'broker' | 'registry' | 'avroBodies'> = {
    broker: () => Promise.resolve(brokerOf(messages, 2) as Broker),
    registry: () => Promise.resolve(registry as unknown as SubjectRegistry),
    avroBodies: () => Promise.resolve(createBodyReader),
  };
  return rehearse(lakehouse, { draft, topic: 't' }, () => undefined, never);
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
      { messages: 9, readable: 1, different: 0, unreadable: 3, undecodable: 4, empty: 1 },
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
        [2, 1, 0],
        [9, 1, 0],
      ],
    );
    const text = rehearsalLines(found).join('\n');
    assert.match(text, /amount: null cannot be read as long · 3 messages · schema 1\n {4}0\/0–1, 0\/4\n/);
    assert.match(rehearsalSummary(found), /^3 of 9 messages cannot be read\.$/);
  });

  it('finds nothing against a draft that reads all', async () => {
    const found = await tryOn(MESSAGES, record(AMOUNT, { name: 'new', type: 'int', default: 0 }));
    assert.deepEqual([found.readable, found.unreadable, found.different], [4, 0, 0]);
    assert.match(rehearsalSummary(found), /9 messages tried/);
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
