import assert from 'node:assert/strict';
import {
  columnTexts,
  compareTable,
  compareTables,
  readColumns,
  type Sides,
} from '../../../../src/core/parity/compareTables.ts';
import type { Catalog } from '../../../../src/core/databricks/ports.ts';
import type { Tables } from '../../../../src/core/ports.ts';
import type { SchemaColumn } from '../../../../src/core/parity/tableSchemas.ts';

type Columns = Readonly<Record<string, string>>;
/** `schema.table` → its columns, name → type. */
type Known = Readonly<Record<string, Columns>>;

const never = new AbortController().signal;

/** Spark as far as it is asked: its answers as the real one gives them. `whole`: types that it cuts when it describes. */
function spark(known: Known, whole: Columns = {}): Tables & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (sql: string): readonly (readonly (string | boolean | null)[])[] => {
    if (sql === 'SHOW SCHEMAS')
      return [...new Set(Object.keys(known).map((one) => [one.split('.')[0] ?? '']))];
    const schema = /^SHOW TABLES IN `(\w+)`$/.exec(sql)?.[1];
    if (schema !== undefined) {
      const names = Object.keys(known).filter((one) => one.startsWith(`${schema}.`));
      return names.map((one) => [schema, one.split('.')[1] ?? '', false]);
    }
    const described = /^DESCRIBE TABLE `(\w+)`\.`(\w+)`$/.exec(sql);
    if (described) {
      const columns = Object.entries(known[`${described[1]}.${described[2]}`] ?? {});
      return [
        ...columns.map(([name, type]) => [name, type, null]),
        ['# Partition Information', '', ''],
        ['# col_name', 'data_type', 'comment'],
        ...columns.slice(-1).map(([name, type]) => [name, type, null]),
      ];
    }
    const names = [...sql.matchAll(/typeof\(any_value\(`(\w+)`\)\)/g)].map(([, name = '']) => name);
    if (names.length > 0) return [names.map((name) => whole[name] ?? '')];
    throw new Error(`the fake knows no ${sql}`);
  };
  return {
    asked,
    query: (sql) => {
      asked.push(sql);
      const rows = answer(sql);
      return Promise.resolve({
        columns: [],
        rows: (async function* () {
          await Promise.resolve();
          yield rows;
        })(),
      });
    },
    close: () => Promise.resolve(),
  };
}

/** One name a page. */
async function* pages<T>(all: readonly T[]): AsyncIterable<readonly T[]> {
  for (const one of all) {
    await Promise.resolve();
    yield [one];
  }
}

function unity(
  catalog: string,
  known: Known,
  onAsked: (fullName: string) => void = () => undefined,
): Catalog {
  const schemas = [...new Set(Object.keys(known).map((name) => name.split('.')[0] ?? ''))];
  const summary = (name: string) => ({
    fullName: `${catalog}.${name}`,
    name: name.split('.')[1] ?? '',
    type: 'MANAGED',
    comment: '',
  });
  return {
    catalogs: () => pages([{ name: catalog, comment: '' }]),
    schemas: (name) => pages(name === catalog ? schemas.map((one) => ({ name: one, comment: '' })) : []),
    tables: (_, schema) =>
      pages(
        Object.keys(known)
          .filter((name) => name.startsWith(`${schema}.`))
          .map(summary),
      ),
    table: (fullName) => {
      onAsked(fullName);
      const name = fullName.slice(catalog.length + 1);
      const columns = fullName.startsWith(`${catalog}.`) ? known[name] : undefined;
      return Promise.resolve(
        columns && {
          ...summary(name),
          columns: Object.entries(columns).map(([of, type]) => ({
            name: of,
            type,
            nullable: true,
            comment: '',
          })),
        },
      );
    },
  };
}

const sides = (here: Known, there: Known): Sides => ({ tables: spark(here), catalog: unity('main', there) });

describe('the tables here and those of a catalog', () => {
  it('are told one by one, by layer: the same, other columns, only here, only there', async () => {
    const found = await compareTables(
      sides(
        {
          'gold.sales': { day: 'date', total: 'decimal(18,2)', tags: 'array<string>' },
          'bronze.raw': { value: 'binary' },
          'silver.orders': { id: 'bigint', at: 'timestamp' },
        },
        {
          'silver.orders': { ID: 'LONG', at: 'timestamp' },
          'silver.audit': { id: 'bigint' },
          'gold.sales': { day: 'date', total: 'decimal(12,2)', old: 'int', tags: 'array<string>' },
        },
      ),
      'main',
      never,
    );
    assert.deepEqual(found, [
      { table: 'bronze.raw', state: 'onlyHere' },
      { table: 'silver.audit', state: 'onlyThere' },
      { table: 'silver.orders', state: 'same', columns: 2 },
      {
        table: 'gold.sales',
        state: 'differs',
        added: [],
        missing: [{ name: 'old', type: 'int', nullable: true, comment: '' }],
        changed: [{ name: 'total', local: 'decimal(18,2)', remote: 'decimal(12,2)' }],
      },
    ]);
  });

  it('leave other schemas alone, and a table that is on one side only is not read', async () => {
    const asked: string[] = [];
    const tables = spark({ 'gold.a': { x: 'int' }, 'other.b': { x: 'int' } });
    const catalog = unity('main', { 'other.b': { x: 'int' }, 'gold.c': { x: 'int' } }, (name) =>
      asked.push(name),
    );
    assert.deepEqual(await compareTables({ tables, catalog }, 'main', never), [
      { table: 'gold.a', state: 'onlyHere' },
      { table: 'gold.c', state: 'onlyThere' },
    ]);
    assert.deepEqual([asked, tables.asked.filter((sql) => sql.startsWith('DESCRIBE'))], [[], []]);
  });

  it('find what differs inside an array or a structure', async () => {
    const [found] = await compareTables(
      sides(
        { 'gold.a': { lines: 'array<struct<sku:string,price:decimal(10,2)>>' } },
        { 'gold.a': { lines: 'array<struct<sku:string,price:double>>' } },
      ),
      'main',
      never,
    );
    assert.equal(found?.state, 'differs');
  });

  it('ask once more for a structure that Spark cuts short, and for no other', async () => {
    const fields = Array.from({ length: 30 }, (_, index) => `f${index}:int`);
    const cut = `struct<${fields.slice(0, 25).join(',')},... 5 more fields>`;
    const whole = `struct<${fields.join(',')}>`;
    const tables = spark({ 'gold.a': { id: 'bigint', wide: cut } }, { wide: whole });
    const catalog = unity('main', { 'gold.a': { id: 'bigint', wide: whole } });
    assert.deepEqual(await compareTables({ tables, catalog }, 'main', never), [
      { table: 'gold.a', state: 'same', columns: 2 },
    ]);
    assert.deepEqual(tables.asked.at(-1), 'SELECT typeof(any_value(`wide`)) FROM `gold`.`a`');
  });

  it('are read no further once a person cancels', async () => {
    const known = { 'gold.a': { x: 'int' }, 'gold.b': { x: 'int' } };
    const controller = new AbortController();
    const tables = spark(known);
    const catalog = unity('main', known, () => {
      controller.abort();
    });
    await assert.rejects(compareTables({ tables, catalog }, 'main', controller.signal), {
      name: 'Cancelled',
    });
    assert.ok(!tables.asked.includes('DESCRIBE TABLE `gold`.`b`'));
  });
});

describe('one table here and there', () => {
  const here = { 'gold.a': { x: 'int', y: 'string' } };

  it('is read on both sides, whatever the case of its name', async () => {
    const columns = await readColumns(
      sides(here, { 'gold.A': { x: 'INT', y: 'varchar(3)' } }),
      { schema: 'gold', name: 'A' },
      'main',
      never,
    );
    assert.deepEqual(compareTable('gold.a', columns), { table: 'gold.a', state: 'same', columns: 2 });
  });

  it('says on which side there is none', async () => {
    const read = (from: Sides) => readColumns(from, { schema: 'gold', name: 'a' }, 'main', never);
    await assert.rejects(read(sides({}, here)), {
      code: 'unknown-table',
      message: /sandbox has no table gold\.a/,
    });
    await assert.rejects(read(sides(here, {})), { code: 'not-there', message: /main\.gold\.a/ });
  });

  it('becomes two texts whose other lines are the columns that differ', () => {
    const columns = (text: string): readonly SchemaColumn[] =>
      text.split(', ').map((one) => {
        const [name = '', type = ''] = one.split(' ');
        return { name, type };
      });
    const texts = columnTexts({
      here: columns('id bigint, price decimal(10,2), hash int'),
      there: columns('ID LONG, PRICE decimal(12,2), old date'),
    });
    assert.deepEqual(texts, {
      here: 'id bigint\nprice decimal(10,2)\nhash int\n',
      there: 'id bigint\nprice decimal(12,2)\nold date\n',
    });
  });
});
