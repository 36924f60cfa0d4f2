import assert from 'node:assert/strict';
import { cellsOf } from '../../../../src/core/databricks/cells.ts';
import { isSourceNotebook, notebookOf } from '../../../../src/core/databricks/notebooks.ts';
import { widgetsOf } from '../../../../src/core/databricks/widgets.ts';

const PYTHON = `# Databricks notebook source
import os

# COMMAND ----------

# DBTITLE 1,Totals
x = 1
y = x

# COMMAND ----------

# MAGIC %md
# MAGIC # Title
# MAGIC
# MAGIC text

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT 1
# MAGIC   AS one

# COMMAND ----------

# MAGIC %sh ls
`;

describe('the cells of a notebook', () => {
  const linesOf = (text: string): readonly string[] => text.split('\n');

  it('stand on the lines of a source file, each as the workspace runs it', () => {
    const cells = cellsOf(notebookOf('a.py', PYTHON));
    assert.deepEqual(
      cells.map(({ number, language, lines }) => [number, language, lines]),
      [
        [1, 'python', ['import os']],
        [2, 'python', ['x = 1', 'y = x']],
        [3, 'md', ['# Title', '', 'text']],
        [4, 'sql', ['SELECT 1', '  AS one']],
        [5, 'sh', ['ls']],
      ],
    );
    const file = linesOf(PYTHON);
    for (const { lines, firstLine } of cells) {
      for (const [index, line] of lines.entries()) assert.ok(file[firstLine + index]?.endsWith(line), line);
    }
    assert.equal(cells[3]?.source, '%sql\nSELECT 1\n  AS one');
  });

  it('are parted by the comment of their language', () => {
    const sql =
      '-- Databricks notebook source\nSELECT 1\n\n-- COMMAND ----------\n\n-- MAGIC %python\n-- MAGIC x\n';
    assert.deepEqual(
      cellsOf(notebookOf('a.sql', sql)).map(({ language, lines, firstLine }) => [language, lines, firstLine]),
      [
        ['sql', ['SELECT 1'], 1],
        ['python', ['x'], 6],
      ],
    );
    // Line ends of Windows are no part of a line.
    assert.deepEqual(cellsOf(notebookOf('a.sql', sql.replaceAll('\n', '\r\n')))[1]?.lines, ['x']);
  });

  it('of Jupyter count their own lines', () => {
    const text = JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: ['# a\n', 'b'] },
        { cell_type: 'code', source: '%sql\nSELECT 1' },
        { cell_type: 'code', source: ['x = 1\n', 'y = 2'] },
      ],
    });
    assert.deepEqual(
      cellsOf(notebookOf('a.ipynb', text)).map(({ language, lines, firstLine }) => [
        language,
        lines,
        firstLine,
      ]),
      [
        ['md', ['# a', 'b'], 0],
        ['sql', ['SELECT 1'], 1],
        ['python', ['x = 1', 'y = 2'], 0],
      ],
    );
  });

  it('are looked for in what its first line makes a notebook', () => {
    assert.ok(isSourceNotebook('/x/a.PY', '\uFEFF# Databricks notebook source '));
    assert.ok(isSourceNotebook('a.sql', '-- Databricks notebook source'));
    assert.ok(!isSourceNotebook('a.sql', '# Databricks notebook source'));
    assert.ok(!isSourceNotebook('a.ipynb', '# Databricks notebook source'));
  });
});

describe('the parameters of a notebook', () => {
  const of = (file: string, text: string) =>
    widgetsOf(notebookOf(file, text)).map(({ name, value }) => `${name}=${value}`);

  it('are its widgets, in their order, with their defaults', () => {
    assert.deepEqual(
      of(
        'a.py',
        `# Databricks notebook source
dbutils.widgets.text("country", "BR", "Country")
dbutils.widgets.dropdown(
    name='size', defaultValue='it\\'s', choices=['a'])
# dbutils.widgets.text("gone", "x")
limit = dbutils.widgets.get("limit")
dbutils.widgets.get('country')
# COMMAND ----------
# MAGIC %sql
# MAGIC CREATE WIDGET TEXT day DEFAULT '2026-01-31'
`,
      ),
      ['country=BR', "size=it's", 'limit=', 'day=2026-01-31'],
    );
    assert.deepEqual(
      of(
        'a.sql',
        '-- Databricks notebook source\ncreate widget dropdown `my day` default "x" choices select 1;',
      ),
      ['my day=x'],
    );
    assert.deepEqual(of('a.scala', '// Databricks notebook source\ndbutils.widgets.text("a", "b")'), ['a=b']);
  });
});
