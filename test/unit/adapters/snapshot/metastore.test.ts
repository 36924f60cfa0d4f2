import assert from 'node:assert/strict';
import { mustHaveMoved, relocation } from '../../../../src/adapters/snapshot/metastore.ts';

const statements = relocation("/home/d'área de/warehouse", '/var/warehouse').split('\n');

describe("moving the metastore's locations", () => {
  it('moves every column that holds one, at the border of a name only', () => {
    for (const [table, column] of [
      ['DBS', 'DB_LOCATION_URI'],
      ['SDS', 'LOCATION'],
      ['SERDE_PARAMS', 'PARAM_VALUE'],
      ['TABLE_PARAMS', 'PARAM_VALUE'],
    ] as const) {
      const before = "file:/home/d''área de/warehouse";
      // The quote counts once: 30 characters.
      assert.ok(
        statements.includes(
          `UPDATE APP.${table} SET ${column} = 'file:/var/warehouse' || SUBSTR(${column}, 31) ` +
            `WHERE ${column} = '${before}' OR SUBSTR(${column}, 1, 31) = '${before}/';`,
        ),
        table,
      );
    }
  });

  it('knows a path that was written as a URI', () => {
    assert.ok(statements.some((one) => one.includes("'file:///home/d''%C3%A1rea%20de/warehouse/'")));
  });

  it('fails loudly when the tool met an error, which it does not', () => {
    const done = { code: 0, tail: [], stdout: '1 row inserted/updated/deleted\n' };
    mustHaveMoved(done);
    assert.throws(() => {
      mustHaveMoved({ ...done, stdout: `${done.stdout}ERROR 42X05: Table/View 'APP.SDS' does not exist.\n` });
    }, /could not be moved/);
    assert.throws(() => {
      mustHaveMoved({ ...done, stdout: '' });
    }, /could not be moved/);
  });
});
