import assert from 'node:assert/strict';
import { placeOfError, splitStatements, statementAt } from '../../../src/core/sqlStatements.ts';

const split = (text: string): string[] =>
  splitStatements(text).map(({ start, end }) => text.slice(start, end));

describe('statements of a SQL file', () => {
  it('end at semicolons, the last one at the end', () => {
    assert.deepEqual(split('SELECT 1;\n\nSELECT 2 ;SELECT 3'), ['SELECT 1', 'SELECT 2', 'SELECT 3']);
    assert.deepEqual(split(' ;; \n-- nothing\n;/* nothing */'), []);
  });

  it('do not end in strings, names and comments', () => {
    for (const one of [
      "SELECT ';' || 'it''s; \\'; ' AS a",
      'SELECT ";\\";" AS b',
      'SELECT `a;``b;` FROM t',
      'SELECT 1 -- not here; nor ; here\n + 2',
      'SELECT 1 /* ; /* nested ; */ ; */ + 2',
      "SELECT r'C:;'",
      'CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON AS $$\nx = 1; return x\n$$',
    ]) {
      assert.deepEqual(split(`${one};\nSELECT 2`), [one, 'SELECT 2']);
    }
  });

  it('leave the comments around them', () => {
    assert.deepEqual(split('-- first\n/* of all */ SELECT 1 -- one\n; -- two\nSELECT 2 /* end */'), [
      'SELECT 1',
      'SELECT 2',
    ]);
    assert.deepEqual(split('SELECT /*+ BROADCAST(t) */ 1'), ['SELECT /*+ BROADCAST(t) */ 1']);
  });

  it('are one for a block, with all in it', () => {
    for (const one of [
      'BEGIN\n DECLARE n INT DEFAULT 1;\n SET n = 2;\nEND',
      'BEGIN IF x > 1 THEN SELECT 1; ELSE SELECT 2; END IF; SELECT 3; END',
      'BEGIN IF (x > 1) THEN SELECT 1; END IF; SELECT if(a, 1, 2); END',
      'BEGIN WHILE n < 3 DO SET n = n + 1; END WHILE; END',
      'BEGIN SELECT CASE WHEN a THEN 1 ELSE 2 END; BEGIN SELECT 1; END; END',
      'BEGIN REPEAT SET n = n + 1; UNTIL n > 3 END REPEAT; SELECT repeat("x", 3); END',
      'outer_one: BEGIN SELECT 1; END',
      'CREATE OR REPLACE PROCEDURE p() LANGUAGE SQL AS BEGIN SELECT 1; SELECT 2; END',
    ]) {
      assert.deepEqual(split(`${one};\nSELECT 4;`), [one, 'SELECT 4']);
    }
  });

  it('take BEGIN, END and CASE elsewhere for what they are', () => {
    assert.deepEqual(split('SELECT begin, `end` FROM t; SELECT CASE WHEN a THEN 1 END; SELECT 2'), [
      'SELECT begin, `end` FROM t',
      'SELECT CASE WHEN a THEN 1 END',
      'SELECT 2',
    ]);
  });

  it('end at the end of the text when something is left open', () => {
    assert.deepEqual(split("SELECT 'open; SELECT 2"), ["SELECT 'open; SELECT 2"]);
    assert.deepEqual(split('SELECT 1; BEGIN SELECT 2; SELECT 3'), ['SELECT 1', 'BEGIN SELECT 2; SELECT 3']);
    assert.deepEqual(split('SELECT 1 /* open ; '), ['SELECT 1']);
  });

  it('are found by the cursor', () => {
    const text = '-- head\nSELECT 1;\n\nSELECT 2;\n';
    const at = (offset: number): string | undefined => {
      const found = statementAt(splitStatements(text), offset);
      return found && text.slice(found.start, found.end);
    };
    assert.equal(at(0), 'SELECT 1');
    assert.equal(at(text.indexOf(';') + 1), 'SELECT 1');
    assert.equal(at(text.indexOf('2')), 'SELECT 2');
    assert.equal(at(text.length), 'SELECT 2');
    assert.equal(statementAt([], 0), undefined);
  });

  it('are wrong where Spark says', () => {
    assert.deepEqual(placeOfError('[PARSE_SYNTAX_ERROR] … (line 2, pos 9)'), { line: 2, column: 9 });
    assert.deepEqual(placeOfError('[UNRESOLVED_COLUMN] … (line 1 pos 14)'), { line: 1, column: 14 });
    assert.equal(placeOfError('no place'), undefined);
  });
});
