import assert from 'node:assert/strict';
import { avroJsonSchema } from '../../../src/adapters/encode/avroJsonSchema.ts';
import { parseAvro } from '../../../src/core/avroTypes.ts';
import type { JsonSchema } from '../../../src/core/jsonSchema.ts';
import { formOf, type FormField, type MessageForm } from '../../../src/core/messageForm.ts';

const ofAvro = (schema: unknown): MessageForm => formOf(avroJsonSchema(parseAvro(JSON.stringify(schema))));
const record = (...fields: unknown[]): unknown => ({ type: 'record', name: 'shop.R', fields });

function rootOf({ root, definitions }: MessageForm): FormField {
  return root.kind === 'ref' ? (definitions[root.name] ?? assert.fail(root.name)) : root;
}
function entry(form: MessageForm, name: string) {
  const root = rootOf(form);
  assert.ok(root.kind === 'object');
  return root.entries.find((one) => one.name === name) ?? assert.fail(name);
}
/** The kind of each field of a record, with what makes it special. */
function kinds(form: MessageForm): Readonly<Record<string, string>> {
  const root = rootOf(form);
  assert.ok(root.kind === 'object');
  return Object.fromEntries(
    root.entries.map(({ name, field, optional }) => [
      name,
      [
        field.kind === 'text' ? field.text : field.kind,
        ...(field.nullable ? ['nullable'] : []),
        ...(optional ? ['optional'] : []),
      ].join(' '),
    ]),
  );
}

describe('the form of a message', () => {
  it('has a control for each type of Avro', () => {
    const form = ofAvro(
      record(
        { name: 'text', type: 'string' },
        { name: 'long', type: 'long' },
        { name: 'int', type: 'int' },
        { name: 'double', type: 'double' },
        { name: 'flag', type: 'boolean' },
        { name: 'bytes', type: 'bytes' },
        { name: 'way', type: { type: 'enum', name: 'W', symbols: ['A', 'B'] } },
        { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
        { name: 'local', type: { type: 'long', logicalType: 'local-timestamp-millis' } },
        { name: 'clock', type: { type: 'int', logicalType: 'time-millis' } },
        { name: 'maybe', type: ['null', 'long'] },
        { name: 'list', type: { type: 'array', items: 'int' } },
        { name: 'map', type: { type: 'map', values: 'string' } },
        { name: 'some', type: ['null', 'string', 'int'] },
        { name: 'none', type: 'null' },
      ),
    );
    assert.deepEqual(kinds(form), {
      text: 'text',
      long: 'int64',
      int: 'number',
      double: 'number',
      flag: 'boolean',
      bytes: 'base64',
      way: 'choice',
      price: 'decimal',
      day: 'date',
      at: 'datetime',
      local: 'localDatetime',
      clock: 'text',
      maybe: 'int64 nullable',
      list: 'list',
      map: 'map',
      some: 'union nullable',
      none: 'null',
    });
  });

  it('has the documentation as help, and the default to begin with, which need not be left out', () => {
    const form = ofAvro(
      record(
        { name: 'a', type: 'string', doc: 'What it is.', default: 'x' },
        { name: 'b', type: ['null', 'int'], default: null },
        { name: 'c', type: { type: 'record', name: 'C', fields: [{ name: 'd', type: 'int', default: 4 }] } },
      ),
    );
    const { field, optional } = entry(form, 'a');
    assert.deepEqual([field.help, field.sample, optional], ['What it is.', 'x', false]);
    assert.deepEqual([entry(form, 'b').field.sample, entry(form, 'b').optional], [null, false]);
    assert.deepEqual(entry(form, 'c').field.sample, { d: 4 });
  });

  it('tells the branches of a union by their names', () => {
    const form = ofAvro(
      record({
        name: 'origin',
        type: ['null', 'string', 'long', { type: 'record', name: 'A', fields: [{ name: 'b', type: 'int' }] }],
      }),
    );
    const { field } = entry(form, 'origin');
    assert.ok(field.kind === 'union');
    assert.deepEqual(
      field.branches.map(({ label, wrap, field: { kind } }) => [label, wrap, kind]),
      [
        ['string', 'string', 'text'],
        ['long', 'long', 'text'],
        ['shop.A', 'shop.A', 'ref'],
      ],
    );
  });

  it('ends for a type that holds itself', () => {
    const form = ofAvro(
      record(
        { name: 'before', type: ['null', 'shop.R'] },
        { name: 'after', type: { type: 'array', items: 'shop.R' } },
      ),
    );
    const { field } = entry(form, 'before');
    assert.deepEqual([field.kind, field.nullable], ['ref', true]);
    assert.ok(field.kind === 'ref' && form.definitions[field.name]?.kind === 'object');
    assert.doesNotThrow(() => JSON.stringify(form));
  });

  it('makes what it can of JSON Schema, and JSON of the rest', () => {
    const schema: JsonSchema & Record<string, unknown> = {
      type: 'object',
      required: ['sku'],
      definitions: { sku: { type: 'string', minLength: 2 } },
      properties: {
        sku: { $ref: '#/definitions/sku' },
        note: { type: ['string', 'null'] },
        weight: { type: 'number', minimum: 1, maximum: 5 },
        mixed: { type: ['string', 'integer'] },
        any: {},
        open: { type: 'object' },
        both: { allOf: [{ type: 'string' }, { minLength: 2 }] },
        pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] as unknown as JsonSchema },
        one: { oneOf: [{ type: 'string' }, { type: 'object', properties: { a: { type: 'string' } } }] },
        lost: { $ref: '#/definitions/nowhere' },
      },
    };
    const form = formOf(schema);
    assert.deepEqual(kinds(form), {
      sku: 'text',
      note: 'text nullable optional',
      weight: 'number optional',
      mixed: 'json optional',
      any: 'json optional',
      open: 'json optional',
      both: 'json optional',
      pair: 'json optional',
      one: 'union optional',
      lost: 'json optional',
    });
    const { field } = entry(form, 'weight');
    assert.equal(field.kind === 'number' && field.range, '1…5');
    const { field: one } = entry(form, 'one');
    assert.deepEqual(one.kind === 'union' && one.branches.map(({ label, wrap }) => [label, wrap]), [
      ['string', undefined],
      ['object', undefined],
    ]);
  });
});
