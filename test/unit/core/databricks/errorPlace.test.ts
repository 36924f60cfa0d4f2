/** Traces as people have put them into public repositories, made to fit a notebook of the test. */
import assert from 'node:assert/strict';
import { cellsOf } from '../../../../src/core/databricks/cells.ts';
import {
  errorPlace,
  failedSource,
  placeText,
  type ErrorPlace,
} from '../../../../src/core/databricks/errorPlace.ts';
import { notebookOf } from '../../../../src/core/databricks/notebooks.ts';

const NOTEBOOK = `# Databricks notebook source
def total(rows):
    first = rows[0]
    return first["price"] * 2

# COMMAND ----------

rows = [{}]
print(total(rows))

# COMMAND ----------

print(1)
print(undefined_name)

# COMMAND ----------

print(1)
print(undefined_name)

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT *
# MAGIC FRM orders
`;
const lineOf = (text: string, from = 0): number => NOTEBOOK.split('\n').indexOf(text, from);

describe('the line of an error in the local file', () => {
  const cells = cellsOf(notebookOf('orders.py', NOTEBOOK));
  const find = (trace: string, failed?: string): ErrorPlace | undefined => errorPlace(cells, trace, failed);

  it('is where it broke, not where the cell began', () => {
    const trace = `\u001b[0;31mKeyError\u001b[0m: 'price'
File \u001b[0;32m<command-1930516570011813>, line 2\u001b[0m
      1 rows = [{}]
----> 2 print(total(rows))
File \u001b[0;32m<command-1930516570011811>, line 3, in total(rows)\u001b[0m
      2 first = rows[0]
----> 3 return first["price"] * 2`;
    assert.deepEqual(find(trace), {
      known: true,
      cell: 1,
      line: lineOf('    return first["price"] * 2'),
      lineInCell: 3,
    });
  });

  it('is the last of the notebook when a library failed', () => {
    const trace = `AnalysisException                         Traceback (most recent call last)
File <command-123>:2
      1 rows = [{}]
----> 2 print(total(rows))

File /databricks/spark/python/pyspark/errors/exceptions/captured.py:261, in capture_sql_exception.<locals>.deco(*a, **kw)
    257 converted = convert_exception(e.java_exception)
--> 261 raise converted`;
    assert.deepEqual(find(trace), {
      known: true,
      cell: 2,
      line: lineOf('print(total(rows))'),
      lineInCell: 2,
    });
  });

  it('is found in the older and other forms of a trace', () => {
    for (const trace of [
      `<command-1> in <cell line: 2>()\n      1 rows = [{}]\n----> 2 print(total(rows))\n      3 `,
      `<command--1> in <module>\n----> 2 print(total(rows))`,
      `Cell In[7], line 2\n      1 rows = [{}]\n----> 2 print(total(rows))`,
      `Traceback (most recent call last):\n  File "<command-12>", line 2\n    print(total(rows))\n          ^\nSyntaxError: x`,
    ]) {
      const place = find(trace);
      assert.equal(place?.known && place.line, lineOf('print(total(rows))'), trace);
    }
    const udf = `  File "/root/.ipykernel/991/command-1723439101937605-4150301398", line 3, in total\nKeyError: 'price'
File <command-1723439101937605>, line 2
      1 def total(rows):
----> 2     first = rows[0]`;
    // One id, two frames: what one shows tells for both.
    const place = find(udf);
    assert.equal(place?.known && place.cell, 1);
  });

  it('is not guessed where two cells look alike, unless the run says which one failed', () => {
    const trace = `File <command-9>, line 2\n      1 print(1)\n----> 2 print(undefined_name)`;
    assert.deepEqual(find(trace), { known: false, lineInCell: 2, cells: [3, 4] });
    assert.match(placeText('orders.py', { known: false, lineInCell: 2, cells: [3, 4] }, false), /cells 3, 4/);
    // Their sources are the same: it cannot say more.
    assert.equal(find(trace, 'print(1)\nprint(undefined_name)')?.known, false);
    const plain = 'File <command-9>, line 2\nNameError: x';
    assert.deepEqual(find(plain), { known: false, lineInCell: 2, cells: [] });
    assert.deepEqual(find(plain, 'rows = [{}]\nprint(total(rows))'), {
      known: true,
      cell: 2,
      line: lineOf('print(total(rows))'),
      lineInCell: 2,
    });
  });

  it('is not told when the file is another one by now, or when the trace names none', () => {
    assert.deepEqual(find('File <command-9>, line 2\n----> 2 print(other(rows))'), {
      known: false,
      lineInCell: 2,
      cells: [],
    });
    assert.deepEqual(find('File <command-9>, line 99\n----> 99 print(1)')?.known, false);
    assert.equal(find('org.apache.spark.SparkException: Job aborted'), undefined);
  });

  it('is counted in the statement for SQL', () => {
    const error = `[PARSE_SYNTAX_ERROR] Syntax error at or near 'orders'. SQLSTATE: 42601 (line 2, pos 4)

== SQL ==
SELECT *
FRM orders
----^^^`;
    const place = { known: true, cell: 5, line: lineOf('# MAGIC FRM orders'), lineInCell: 2 };
    assert.deepEqual(find(error), place);
    const unresolved = 'A column with name `x` cannot be resolved. SQLSTATE: 42703; line 2 pos 7;';
    assert.deepEqual(find(unresolved), { known: false, lineInCell: 2, cells: [] });
    assert.deepEqual(find(unresolved, '%sql\nSELECT *\nFRM orders'), place);
  });

  it('is a line of the cell in Jupyter', () => {
    const text = JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: 'a\nb' },
        { cell_type: 'code', source: 'x = 1\ny = z' },
      ],
    });
    const place = errorPlace(cellsOf(notebookOf('a.ipynb', text)), 'File <command-9>, line 2\n----> 2 y = z');
    assert.deepEqual(place, { known: true, cell: 2, line: 1, lineInCell: 2 });
    assert.equal(placeText('a.ipynb', place, true), 'a.ipynb, cell 2, line 2');
  });

  it('is told with its cell', () => {
    assert.equal(
      placeText('orders.py', { known: true, cell: 2, line: 7, lineInCell: 2 }, false),
      'orders.py, line 8 (cell 2, line 2)',
    );
  });
});

describe('the cell that failed, in an exported notebook', () => {
  const page = (model: unknown): string =>
    `var __DATABRICKS_NOTEBOOK_MODEL = '${Buffer.from(encodeURIComponent(JSON.stringify(model))).toString('base64')}';`;

  it('is the only one with an error', () => {
    assert.equal(
      failedSource(page({ commands: [{ command: 'a' }, { command: 'bé', results: { type: 'error' } }] })),
      'bé',
    );
    assert.equal(failedSource(page({ commands: [{ command: 'a', error: 'x' }] })), 'a');
  });

  it('is not told by what cannot be read', () => {
    assert.equal(failedSource(page({ commands: [{ command: 'a' }] })), undefined);
    assert.equal(failedSource(page({})), undefined);
    assert.equal(failedSource("__DATABRICKS_NOTEBOOK_MODEL = '%%%'"), undefined);
    assert.equal(failedSource('<html></html>'), undefined);
  });
});
