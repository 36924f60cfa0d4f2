import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import { createOrderEncoder } from '../../../src/adapters/orderEncoder.ts';
import type { OrderLine } from '../../../src/core/orders.ts';
import type { SchemaRegistry } from '../../../src/core/ports.ts';
import type { RegisteredSchema } from '../../../src/core/schemas.ts';

/** A registry in memory; the first schema gets id 258, which takes two bytes. */
function memoryRegistry(): SchemaRegistry & { readonly subjectsOf: string[] } {
  const schemas: RegisteredSchema[] = [];
  const subjectsOf: string[] = [];
  return {
    subjectsOf,
    register: (subject, type, schema) => {
      subjectsOf.push(subject);
      schemas.push({ id: 258 + schemas.length, type, schema });
      return Promise.resolve(257 + schemas.length);
    },
    schema: (id) => Promise.resolve(schemas.find((schema) => schema.id === id)),
    subjects: () => Promise.resolve(subjectsOf),
    versions: () => Promise.resolve([]),
  };
}

const LINE: OrderLine = {
  transactionNo: '581482',
  date: '2019-12-09',
  productNo: '22485',
  productName: 'Set Of 2',
  price: '10.60',
  quantity: -3,
  customerNo: null,
  country: 'EIRE',
};

const pence = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }).map((unscaled) => {
  const digits = String(Math.abs(unscaled)).padStart(3, '0');
  return `${unscaled < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
});
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const line: fc.Arbitrary<OrderLine> = fc.record(
  {
    transactionNo: text,
    date: fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    productNo: text,
    productName: text,
    price: pence,
    quantity: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    customerNo: fc.option(text),
    country: text,
  },
  { noNullPrototype: true },
);

describe('encoded order lines', () => {
  it('are the bytes that the specification asks for', async () => {
    const encoder = await createOrderEncoder(memoryRegistry(), 'avro');
    const { key, value } = encoder.encode(LINE);
    assert.equal(Buffer.from(key ?? []).toString(), '581482');
    // Frame with id 258; strings with zigzag length; 18239 days; 1060 in two bytes; -3; the union's first branch.
    const hex = [
      '00' + '00000102',
      '0c' + Buffer.from('581482').toString('hex'),
      'fe9c02',
      '0a' + Buffer.from('22485').toString('hex'),
      '10' + Buffer.from('Set Of 2').toString('hex'),
      '04' + '0424',
      '05',
      '00',
      '08' + Buffer.from('EIRE').toString('hex'),
    ];
    assert.equal(Buffer.from(value ?? []).toString('hex'), hex.join(''));
  });

  it('register the schema that ships, under the topic of the format', async () => {
    for (const [format, topic, file] of [
      ['avro', 'orders', 'orders-value.avsc'],
      ['json', 'orders-json', 'orders-json-value.json'],
    ] as const) {
      const registry = memoryRegistry();
      const encoder = await createOrderEncoder(registry, format);
      assert.equal(encoder.topic, topic);
      assert.deepEqual(registry.subjectsOf, [`${topic}-value`]);
      const shipped = readFileSync(join(import.meta.dirname, '../../../sandbox/schemas', file), 'utf8');
      assert.equal((await registry.schema(258))?.schema, shipped);
    }
  });

  for (const format of ['avro', 'json'] as const) {
    it(`come back the same as ${format}`, async () => {
      const registry = memoryRegistry();
      const encoder = await createOrderEncoder(registry, format);
      const decoder = createMessageDecoder(registry);
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
          const messages = lines.map((one) => encoder.encode(one));
          const decoded = await decoder.decode(
            messages.map(({ key, value }, index) => ({
              topic: encoder.topic,
              partition: 0,
              offset: String(index),
              timestampMs: 0,
              key,
              value,
              headers: [],
            })),
          );
          assert.deepEqual(
            decoded.map(({ value }) => value),
            lines,
          );
        }),
        { numRuns: 200 },
      );
    });

    it(`may be larger than what is set aside for them, as ${format}`, async () => {
      const encoder = await createOrderEncoder(memoryRegistry(), format);
      const productName = 'x'.repeat(1_000_000);
      const before = encoder.encode(LINE);
      const copy = Buffer.from(before.value ?? []);
      assert.ok((encoder.encode({ ...LINE, productName }).value?.length ?? 0) > 1_000_000);
      for (let index = 0; index < 10_000; index += 1) encoder.encode(LINE);
      assert.deepEqual(Buffer.from(before.value ?? []), copy);
    });
  }
});
