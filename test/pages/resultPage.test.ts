import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { OpenedTable, TableCalls } from '../../src/wire/table.ts';
import type { Handlers } from '../../src/wire/rpc.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'id', type: 'decimal(38,2)' },
];
const rowsOf = (from: number, count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [String(from + index), `${from + index}.10`]);

describe('the result of a statement', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  /** 1,000 rows, then pages of 500 up to `total`; the page after those never comes. */
  function script(total = 2000, stuck = false) {
    const log: string[] = [];
    let given = 0;
    const handlers: Handlers<TableCalls> = {
      copy: (text) => {
        log.push(`copy ${text}`);
        return null;
      },
      command: () => null,
      open: (): OpenedTable => {
        log.push('open');
        given = Math.min(1000, total);
        return {
          table: 'a.sql · Sandbox',
          columns: COLUMNS,
          rowCount: given === total ? String(total) : null,
          reading: 1,
          rows: rowsOf(0, given),
          done: given === total,
        };
      },
      more: async (_params, signal) => {
        if (stuck) {
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
          log.push('cancelled');
          return { rows: [], done: true };
        }
        const rows = rowsOf(given, Math.min(500, total - given));
        given += rows.length;
        return { rows, done: given === total };
      },
      exportCsv: () => {
        log.push('export');
        return { path: null };
      },
    };
    return { log, handlers };
  }
  const open = (
    handlers: Handlers<TableCalls>,
    more: Partial<Parameters<typeof openPage<TableCalls>>[1]> = {},
  ) => openPage<TableCalls>(browser, { name: 'resultPage', title: 'a.sql · Sandbox', handlers, ...more });

  it('counts as rows come, and knows all of them at the end; columns of one name stay apart', async () => {
    const { handlers } = script();
    const { page, errors } = await open(handlers);
    await page.locator('.facts', { hasText: '1,000 rows so far' }).waitFor();
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '-1');
    assert.deepEqual(
      await page
        .locator('.body .row')
        .first()
        .evaluate((line) => [...line.children].map((cell) => cell.textContent)),
      ['0', '0.10'],
    );
    await page.locator('.grid').focus();
    for (const facts of ['1,500 rows so far', '2,000 of 2,000 rows']) {
      await page.keyboard.press('Control+End');
      await page.locator('.facts', { hasText: facts }).waitFor();
    }
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '2001');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('never runs the statement again by itself', async () => {
    const { handlers, log } = script(3);
    const { page, host } = await open(handlers);
    await page.locator('.facts', { hasText: '3 of 3 rows' }).waitFor();
    host.notify('changed', null);
    assert.equal(await page.getByRole('button', { name: 'Refresh' }).count(), 0);
    await page.getByRole('button', { name: 'Export CSV…' }).click();
    await until('the export', () => log.includes('export'));
    assert.deepEqual(log, ['open', 'export']);
    await page.close();
  });

  it('can be cancelled while it waits for the first row', async () => {
    let cancelled = false;
    const { page } = await open({
      ...script().handlers,
      open: (_params, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            cancelled = true;
            reject(new Error('cancelled'));
          });
        }),
    });
    await page.getByText('Running…').waitFor();
    await page.locator('.notice').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    await until('the host was told', () => cancelled);
    await page.close();
  });

  it('can be cancelled while more rows come, and keeps those that came', async () => {
    const { handlers, log } = script(5000, true);
    const { page } = await open(handlers);
    await page.locator('.facts', { hasText: '1,000 rows so far' }).waitFor();
    await page.locator('.grid').focus();
    await page.keyboard.press('Control+End');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.facts', { hasText: '1,000 rows, then cancelled' }).waitFor();
    await until('the host was told', () => log.includes('cancelled'));
    assert.equal(await page.getByRole('button', { name: 'Cancel' }).count(), 0);
    await page.close();
  });

  it('says why it failed, and offers no second run', async () => {
    const { page } = await open({
      ...script().handlers,
      open: () => {
        throw new Refused({ code: 'bad-sql', message: '[PARSE_SYNTAX_ERROR] Syntax error (line 1, pos 7)' });
      },
    });
    await page.getByText('Syntax error (line 1, pos 7)').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
    await page.close();
  });

  it('says that a statement gave no rows', async () => {
    const { page } = await open(script(0).handlers);
    await page.getByText('The statement gave no rows.').waitFor();
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`is accessible (${theme})`, async () => {
      const { page } = await open(script(3).handlers, { theme });
      await page.locator('.facts', { hasText: '3 of 3 rows' }).waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.close();
    });
  }
});
