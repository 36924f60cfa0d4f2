import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { Cell, Column } from '../../src/core/tables.ts';
import type { Sort } from '../../src/core/tablePage.ts';
import type { Handlers } from '../../src/wire/rpc.ts';
import type { TableCalls } from '../../src/wire/table.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

const columns: Column[] = [
  { name: 'order_date', type: 'date' },
  { name: 'country', type: 'string' },
  { name: 'units', type: 'bigint' },
  { name: 'net_revenue', type: 'decimal(18,2)' },
];
const rows: Cell[][] = [
  ['2019-12-09', 'United Kingdom', '9007199254740993', '99999999999999.10'],
  ['2019-12-08', null, '-3', '0.00'],
  ['2019-12-07', 'Österreich "Süd"', '0', '-12.50'],
];

interface Script {
  readonly handlers: Handlers<TableCalls>;
  readonly copied: string[];
  readonly sorts: (Sort | undefined)[];
  readonly exports: number[];
}

function tableOf(all: readonly (readonly Cell[])[], first = 1000, next = 2000): Script {
  const copied: string[] = [];
  const sorts: (Sort | undefined)[] = [];
  const exports: number[] = [];
  let given = 0;
  const page = (size: number) => {
    const part = all.slice(given, given + size);
    given += part.length;
    return { rows: part, done: given >= all.length };
  };
  return {
    copied,
    sorts,
    exports,
    handlers: {
      copy: (text) => {
        copied.push(text);
        return null;
      },
      command: () => null,
      open: ({ sort }) => {
        sorts.push(sort);
        given = 0;
        return {
          table: 'gold.sales_daily',
          columns,
          rowCount: String(all.length),
          version: '4',
          reading: sorts.length,
          ...page(first),
        };
      },
      more: () => page(next),
      exportCsv: () => {
        exports.push(1);
        return { path: '/tmp/out.csv' };
      },
    },
  };
}

const many = (count: number): Cell[][] =>
  Array.from({ length: count }, (_, index) => ['2019-12-09', `Country ${index}`, String(index), '1.00']);

describe('the table viewer', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (script: Script, more: Partial<Parameters<typeof openPage<TableCalls>>[1]> = {}) => {
    const opened = await openPage<TableCalls>(browser, {
      name: 'tablePage',
      title: 'gold.sales_daily',
      handlers: script.handlers,
      ...more,
    });
    await opened.page.locator('.body .row, .notice .what').first().waitFor();
    return opened;
  };

  it('shows exact values, numbers to the right, NULL as NULL', async () => {
    const { page, errors } = await open(tableOf(rows));
    const shown = await page
      .locator('.body .row')
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
    assert.deepEqual(
      shown,
      rows.map((row) => row.map((cell) => cell ?? 'NULL')),
    );
    const aligned = await page
      .locator('.body .row')
      .first()
      .evaluate((line) => [...line.children].map((cell) => getComputedStyle(cell).textAlign));
    assert.deepEqual(aligned, ['start', 'start', 'right', 'right']);
    assert.equal(await page.locator('.cell.null').count(), 1);
    assert.equal(await page.locator('.facts').textContent(), '3 of 3 rows · version 4');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('cuts no value and no title that fits a screen', async () => {
    const { page } = await open(tableOf(rows));
    const cut = await page
      .locator('.cell')
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      );
    assert.deepEqual(cut, []);
    await page.close();
  });

  it('keeps few nodes at 100,000 rows, and reaches the last', async () => {
    const { page } = await open(tableOf(many(100_000), 100_000));
    assert.ok((await page.locator('.body .row').count()) < 60);
    await page.locator('.grid').focus();
    await page.keyboard.press('Control+End');
    await page.getByText('Country 99999', { exact: true }).waitFor();
    assert.ok((await page.locator('.body .row').count()) < 60);
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '100001');
    await page.close();
  });

  it('loads more rows as one scrolls, in order, to the end', async () => {
    const { page } = await open(tableOf(many(4500)));
    await page.locator('.facts', { hasText: '1,000 of 4,500' }).waitFor();
    await page.locator('.grid').focus();
    for (const loaded of ['3,000', '4,500']) {
      await page.keyboard.press('Control+End');
      await page.locator('.facts', { hasText: `${loaded} of 4,500` }).waitFor();
    }
    await page.keyboard.press('Control+End');
    await page.getByText('Country 4499', { exact: true }).waitFor();
    await page.close();
  });

  it('sorts by its headers: up, down, and as it was', async () => {
    const script = tableOf(rows);
    const { page } = await open(script);
    const header = page.getByRole('columnheader', { name: /net_revenue/ });
    for (const state of ['ascending', 'descending', 'none']) {
      await header.click();
      await page.locator(`[aria-sort="${state}"]`, { hasText: 'net_revenue' }).waitFor();
    }
    assert.deepEqual(script.sorts, [
      undefined,
      { column: 'net_revenue', descending: false },
      { column: 'net_revenue', descending: true },
      undefined,
    ]);
    await page.close();
  });

  it('sorts by the keyboard too', async () => {
    const script = tableOf(rows);
    const { page } = await open(script);
    await page.locator('.grid').focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('[aria-sort="ascending"]', { hasText: 'country' }).waitFor();
    assert.deepEqual(script.sorts.at(-1), { column: 'country', descending: false });
    await page.close();
  });

  it('copies one cell as it is, and several as a spreadsheet takes them', async () => {
    const script = tableOf(rows);
    const { page } = await open(script);
    await page.getByText('9007199254740993').click();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Export CSV…' }).click();
    await until(
      'three copies and an export',
      () => script.copied.length === 3 && script.exports.length === 1,
    );
    assert.deepEqual(script.copied, [
      '9007199254740993',
      '9007199254740993\t99999999999999.10\n-3\t0.00',
      '2019-12-09\tUnited Kingdom\t9007199254740993\t99999999999999.10\n2019-12-08\t\t-3\t0.00\n' +
        '2019-12-07\t"Österreich ""Süd"""\t0\t-12.50',
    ]);
    await page.close();
  });

  it('shows a row whole', async () => {
    const { page } = await open(tableOf(rows));
    await page.getByText('-12.50').dblclick();
    const detail = page.locator('.detail');
    await detail.getByRole('heading', { name: 'Row 3' }).waitFor();
    assert.deepEqual(await detail.locator('dd').allTextContents(), rows[2]);
    await page.keyboard.press('Escape');
    await page.close();
  });

  it('marks newer data and waits to be asked', async () => {
    const script = tableOf(rows);
    const { page, host } = await open(script);
    host.notify('changed', null);
    await page.getByText('Newer data').waitFor();
    assert.equal(script.sorts.length, 1);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('Newer data').waitFor({ state: 'hidden' });
    assert.equal(script.sorts.length, 2);
    await page.close();
  });

  it('tells what is wrong, and tries again', async () => {
    const script = tableOf(rows);
    let broken = true;
    const { page } = await open({
      ...script,
      handlers: {
        ...script.handlers,
        open: (params, signal) => {
          if (!broken) return script.handlers.open(params, signal);
          throw new Refused({
            code: 'spark-unreachable',
            message: 'Spark does not answer.',
            hint: 'See its log.',
          });
        },
      },
    });
    await page.getByText('Spark does not answer.').waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('United Kingdom').waitFor();
    await page.close();
  });

  it('says that a table is empty', async () => {
    const { page } = await openPage<TableCalls>(browser, {
      name: 'tablePage',
      title: 'gold.sales_daily',
      handlers: tableOf([]).handlers,
    });
    await page.getByText('gold.sales_daily has no rows.').waitFor();
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const { page } = await open(tableOf(rows), { theme });
      await page.getByText('-12.50').dblclick();
      await page.locator('.detail dd').first().waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.close();
    });
  }
});
