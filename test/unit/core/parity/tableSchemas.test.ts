import assert from 'node:assert/strict';
import { compareColumns, plainType, type SchemaColumn } from '../../../../src/core/parity/tableSchemas.ts';

const columns = (text: string): readonly SchemaColumn[] =>
  text.split(' | ').map((one) => {
    const [name = '', ...type] = one.split(' ');
    return { name, type: type.join(' ') };
  });

describe('a table here and there', () => {
  it('tells what was added, what is missing and what has another type', () => {
    const { added, missing, changed, same } = compareColumns(
      columns('id bigint | price decimal(10,2) | country string | hash bigint'),
      columns('price decimal(12,2) | id long | COUNTRY varchar(2) | old date'),
    );
    assert.deepEqual(added, columns('hash bigint'));
    assert.deepEqual(missing, columns('old date'));
    assert.deepEqual(changed, [{ name: 'price', local: 'decimal(10,2)', remote: 'decimal(12,2)' }]);
    assert.equal(same, false);
  });

  it('takes two spellings of a type for one, also inside of others', () => {
    for (const [one, other] of [
      ['int', 'INTEGER'],
      ['bigint', 'long'],
      ['smallint', 'short'],
      ['tinyint', 'byte'],
      ['float', 'real'],
      ['string', 'varchar(20)'],
      ['string', 'char(2)'],
      ['decimal(10,0)', 'decimal'],
      ['decimal(12,0)', 'numeric(12)'],
      ['timestamp', 'timestamp_ltz'],
      ['array<int>', 'ARRAY< INTEGER >'],
      ['map<string,bigint>', 'map<varchar(3), long>'],
      [
        'struct<long:int,b:array<struct<c:float>>>',
        'struct<`long`: integer, b: array<struct<c: real NOT NULL>>>',
      ],
      ['struct<a:int>', "struct<a:int COMMENT 'an integer'>"],
    ] as const) {
      assert.equal(plainType(one), plainType(other), `${one} and ${other}`);
      assert.equal(compareColumns([{ name: 'a', type: one }], [{ name: 'a', type: other }]).same, true);
    }
  });

  it('keeps types apart that are not the same', () => {
    for (const [one, other] of [
      ['int', 'bigint'],
      ['timestamp', 'timestamp_ntz'],
      ['decimal(10,2)', 'decimal(10,3)'],
      ['struct<int:string>', 'struct<integer:string>'],
      ['array<int>', 'int'],
      ['float', 'double'],
      ['date', 'string'],
    ] as const) {
      assert.notEqual(plainType(one), plainType(other), `${one} and ${other}`);
    }
  });

  it('tells of NULL apart, and only where both say it', () => {
    const one = (nullable?: boolean): readonly SchemaColumn[] => [
      { name: 'a', type: 'int', ...(nullable === undefined ? {} : { nullable }) },
    ];
    const told = compareColumns(one(false), one(true));
    assert.deepEqual([told.same, told.nullable.map(({ name }) => name)], [true, ['a']]);
    assert.deepEqual(compareColumns(one(false), one()).nullable, []);
    assert.deepEqual(compareColumns(one(true), one(true)).nullable, []);
  });
});
