import assert from 'node:assert/strict';
import { fieldPlace } from '../../../src/core/fieldPlaces.ts';
import { guessSubject, parseReference, schemaTypeOf } from '../../../src/core/schemaFiles.ts';

describe('a file with a schema', () => {
  it('is known by its name, and .json by what it holds', () => {
    const avro = '{"type":"record","name":"R","fields":[]}';
    assert.equal(schemaTypeOf('/a/b.avsc', 'anything'), 'AVRO');
    assert.equal(schemaTypeOf('C:\\a\\b.PROTO', ''), 'PROTOBUF');
    assert.equal(schemaTypeOf('b.json', avro), 'AVRO');
    assert.equal(schemaTypeOf('b.json', '{"$schema":"http://json-schema.org/draft-07/schema#"}'), 'JSON');
    assert.equal(schemaTypeOf('b.json', '{"type":"object","properties":{}}'), 'JSON');
    for (const other of [
      '{"name":"pkg","type":"module"}',
      '{"$schema":"https://json.schemastore.org/tsconfig"}',
      '[1]',
      'null',
      '{',
    ])
      assert.equal(schemaTypeOf('b.json', other), undefined, other);
    assert.equal(schemaTypeOf('b.txt', avro), undefined);
  });

  it('is for the subject that its name means', () => {
    const guess = (path: string, ...subjects: string[]) => guessSubject(path, subjects);
    assert.equal(guess('/x/orders-value.avsc'), 'orders-value');
    assert.equal(guess('/x/orders.avsc'), 'orders-value');
    assert.equal(guess('orders-value.v2.avsc'), 'orders-value');
    assert.equal(guess('orders-v2-draft.avsc', 'orders-value'), 'orders-value');
    assert.equal(guess('orders-key.avsc'), 'orders-key');
    assert.equal(guess('orders-with-discount.avsc', 'orders-value', 'o'), 'orders-value');
    assert.equal(guess('shop.Order.avsc', 'shop.Order'), 'shop.Order');
    assert.equal(guess('order2.avsc'), 'order2-value');
  });

  it('may refer to others', () => {
    assert.deepEqual(parseReference('shop.Address=address:value:3'), {
      name: 'shop.Address',
      subject: 'address:value',
      version: 3,
    });
    assert.throws(() => parseReference('shop.Address=address'), { code: 'bad-reference' });
  });
});

describe('the place of a field', () => {
  const text = JSON.stringify(
    {
      type: 'record',
      name: 'R',
      doc: 'a "price" \\',
      fields: [
        { name: 'price', type: 'int' },
        {
          type: [
            'null',
            { type: 'array', items: { type: 'record', name: 'L', fields: [{ name: 'price', type: 'int' }] } },
          ],
          name: 'lines',
        },
      ],
    },
    null,
    2,
  );
  const at = (field: string): string => {
    const place = fieldPlace(text, field);
    assert.ok(place);
    return `${text.slice(place.start, place.end)} ${text.slice(0, place.start).split('\n').length}`;
  };

  it('is its name in the text, in nested records too', () => {
    const lines = text.split('\n');
    const [outer, nested] = lines.flatMap((line, index) => (/"name": "price"/.test(line) ? [index + 1] : []));
    assert.equal(at('price'), `"price" ${outer ?? ''}`);
    assert.equal(at('lines.price'), `"price" ${nested ?? ''}`);
  });

  it('is the nearest name around it where it is not there', () => {
    assert.match(at(''), /^"R" /);
    assert.match(at('gone'), /^"R" /);
    assert.match(at('lines.gone.more'), /^"lines" /);
    assert.equal(fieldPlace('{', 'a'), undefined);
    assert.equal(fieldPlace('"int"', 'a'), undefined);
  });

  it('is found in JSON Schema, in lists, choices and definitions too', () => {
    const schema = JSON.stringify({
      type: 'object',
      definitions: { Line: { type: 'object', properties: { price: { type: 'number' } } } },
      properties: {
        id: { type: 'string' },
        lines: { type: 'array', items: { anyOf: [{ type: 'null' }, { $ref: '#/definitions/Line' }] } },
      },
    });
    const named = (field: string): string | undefined => {
      const place = fieldPlace(schema, field);
      return place && `${place.start} ${schema.slice(place.start, place.end)}`;
    };
    assert.equal(named('id'), `${schema.indexOf('"id"')} "id"`);
    assert.equal(named('lines.price'), `${schema.indexOf('"price"')} "price"`);
    assert.equal(named('lines.gone'), `${schema.indexOf('"lines"')} "lines"`);
    assert.equal(named('gone'), undefined);
  });

  it('is found in Protobuf', () => {
    const schema = 'syntax = "proto3";\nmessage M { string my_id = 2; string id = 1; Inner inner = 3; }';
    const start = schema.indexOf(' id = 1') + 1;
    assert.deepEqual(fieldPlace(schema, 'id'), { start, end: start + 2 });
    assert.deepEqual(fieldPlace(schema, 'inner.gone'), {
      start: schema.indexOf('inner = 3'),
      end: schema.indexOf('inner = 3') + 5,
    });
    assert.equal(fieldPlace(schema, 'gone'), undefined);
  });
});
