import { InvalidArgumentError } from 'commander';
import type { Column, QueryResult } from '../core/tables.ts';
import { t } from '../core/l10n.ts';
import { textTable } from './textTable.ts';
import type { Verb } from './verb.ts';

/** Rows that a table for people holds when no limit is said. */
const SHOWN = 100;

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(t('A whole number is needed.'));
  return Number(text);
}

export const query: Verb = (program, run) => {
  program
    .command('query')
    .description(t('run SQL on the tables'))
    .argument('<sql>')
    .option('--limit <n>', t('at most so many rows'), wholeNumber)
    .action(
      run(async ({ lakehouse, output, signal }, sql: string, { limit }: { limit?: number }) => {
        const tables = await lakehouse.tables();
        const result = await tables.query(sql, limit === undefined ? {} : { limit }, signal);
        if (output.json) await writeJson(result, (text) => output.write(text));
        else await output.write(await text(result));
      }),
    );
};

/** Streams the document, so that a large result needs no memory. */
async function writeJson(result: QueryResult, write: (text: string) => Promise<void>): Promise<void> {
  await write(`{"columns":${JSON.stringify(result.columns)},"rows":[`);
  let separator = '';
  for await (const batch of result.rows) {
    const rows = batch.map((row) => JSON.stringify(rowObject(result.columns, row)));
    if (rows.length === 0) continue;
    await write(separator + rows.join(',\n'));
    separator = ',\n';
  }
  await write(']}\n');
}

function rowObject(columns: readonly Column[], row: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null]));
}

async function text(result: QueryResult): Promise<string> {
  const shown: (readonly unknown[])[] = [];
  let total = 0;
  for await (const batch of result.rows) {
    shown.push(...batch.slice(0, Math.max(0, SHOWN - shown.length)));
    total += batch.length;
  }
  const more =
    total > shown.length ? `\n${t('{0} of {1} rows shown; --json gives all.', shown.length, total)}` : '';
  return `${textTable(result.columns, shown)}\n${t('{0} rows', total)}${more}\n`;
}
