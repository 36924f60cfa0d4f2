import assert from 'node:assert/strict';
import { createJsonTrial } from '../../../src/adapters/jsonValidator.ts';
import type { NamedSchema } from '../../../src/core/schemas.ts';

/** Each finding as `field: reason`. */
function met(schema: unknown, body: unknown, references: readonly NamedSchema[] = []): string[] {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const tried = createJsonTrial(JSON.stringify(schema), references)(Buffer.from(text));
  assert.ok('findings' in tried, JSON.stringify(tried));
  assert.ok(tried.findings.every(({ effect }) => effect === 'unreadable'));
  return tried.findings.map(({ field, reason }) => `${field}: ${reason}`);
}
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });

describe('a JSON Schema tried on what is stored', () => {
  it('says what is missing, and what has another type', () => {
    const schema = object({ a: { type: 'integer' }, b: { type: ['string', 'null'] } }, { required: ['a'] });
    assert.deepEqual(met(schema, { a: 1, b: null, c: 1 }), []);
    assert.deepEqual(met(schema, { b: 'x' }), ['a: it is required, and missing']);
    assert.deepEqual(met(schema, { a: 1.5, b: [] }), [
      'a: integer expected, found number',
      'b: string, null expected, found array',
    ]);
    assert.deepEqual(met(schema, '5'), [': object expected, found integer']);
  });

  it('says the same of all values that do not fit, whatever they are', () => {
    const schema = object({
      a: { enum: ['x', 'y'] },
      b: { pattern: '^C' },
      c: { type: 'string', format: 'date' },
      d: { type: 'number', maximum: 5 },
      e: { const: 1 },
    });
    const told = [
      'a: it is not one of "x", "y"',
      'b: it is not text by the pattern ^C',
      'c: it is not date',
      'd: must be <= 5',
      'e: it is not 1',
    ];
    assert.deepEqual(met(schema, { a: 'z', b: 'D1', c: 'today', d: 6, e: 2 }), told);
    assert.deepEqual(met(schema, { a: 0, b: 'D2', c: '', d: 7, e: null }), told);
  });

  it('names fields as the schema does, items of lists and entries of maps alike', () => {
    const line = object({ price: { type: 'number' } }, { additionalProperties: false });
    const schema = object({
      lines: { type: 'array', items: line },
      byName: { type: 'object', additionalProperties: line },
    });
    const body = {
      lines: [{ price: 1 }, { price: '1' }, { price: 2, old: 1 }],
      byName: { EUR: { price: 1 }, 'a/b': { price: true } },
    };
    assert.deepEqual(met(schema, body), [
      'lines.price: number expected, found string',
      'lines.old: there is no such field',
      'byName.price: number expected, found boolean',
    ]);
  });

  it('says of a choice that none of it fits, or too much', () => {
    const a = { anyOf: [{ type: 'string' }, object({ x: { type: 'string' } })] };
    assert.deepEqual(met(object({ a }), { a: { x: 1 } }), ['a: it fits none of the forms that it may have']);
    const both = { oneOf: [{ type: 'integer' }, { minimum: 3 }] };
    assert.deepEqual(met(object({ both }), { both: 4 }), [
      'both: it fits more than one of the forms that it may have',
    ]);
  });

  it('follows what it refers to, by the name that it has there', () => {
    const schema = object({ home: { $ref: 'address.json' } });
    const references = [
      { name: 'address.json', schema: JSON.stringify(object({ city: { type: 'string' } })) },
    ];
    assert.deepEqual(met(schema, { home: { city: 1 } }, references), [
      'home.city: string expected, found integer',
    ]);
    assert.throws(() => createJsonTrial(JSON.stringify(schema)), /address\.json/);
  });

  it('takes whole numbers of any size for whole', () => {
    assert.deepEqual(met(object({ a: { type: 'integer' } }), '{"a": 9223372036854775807}'), []);
  });

  it('says why a body is no JSON', () => {
    const trial = createJsonTrial('{}');
    assert.deepEqual(trial(Buffer.from('{')), { problem: 'the body is not JSON' });
    assert.deepEqual(trial(Buffer.from([0x22, 0xff, 0x22])), { problem: 'the body is not UTF-8 text' });
  });
});
