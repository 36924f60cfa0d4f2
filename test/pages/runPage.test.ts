import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { FinishedRun, RunCalls } from '../../src/wire/run.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage } from './support/scriptedHost.ts';

const run: FinishedRun = {
  finishedAt: '2026-01-31T12:00:00.000Z',
  fullRefresh: false,
  result: {
    totals: { bronze: 1_000_000, silver: 970_000, quarantine: 12_000, duplicates: 18_000 },
    thisRun: { bronze: 10, silver: 7, quarantine: 2, duplicates: 1 },
    rules: [
      { name: 'positive_price', dataset: 'silver.orders', passed_records: 8, failed_records: 2 },
      { name: 'has_country', dataset: 'silver.orders', passed_records: 10, failed_records: 0 },
    ],
    equationHolds: true,
    tables: [{ name: 'gold.sales_daily', rows: 365 }],
    upToDate: false,
  },
};

describe('the page of the last run', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (last: FinishedRun | null, theme: 'dark' | 'light' | 'high-contrast' = 'dark') => {
    const commands: string[] = [];
    const opened = await openPage<RunCalls>(browser, {
      name: 'runPage',
      title: 'Last run',
      theme,
      handlers: {
        copy: () => null,
        command: ({ id, args = [] }) => {
          commands.push([id, ...args].join(' '));
          return null;
        },
        lastRun: () => last,
      },
    });
    return { ...opened, commands };
  };

  it('shows the equation, the rules and the tables', async () => {
    const { page, commands, errors } = await open(run);
    const equations = page.locator('.equation');
    await equations.first().waitFor();
    assert.deepEqual(await equations.first().locator('.number').allTextContents(), [
      '1,000,000',
      '970,000',
      '12,000',
      '18,000',
    ]);
    assert.deepEqual(await equations.first().locator('.sign').allTextContents(), ['=', '+', '+']);
    const rules = page.getByRole('table', { name: 'Rules, in this run' });
    assert.deepEqual(await rules.locator('tbody tr').first().locator('td').allTextContents(), [
      'positive_price',
      'silver.orders',
      '8',
      '2',
      '20%',
    ]);
    await page.getByRole('button', { name: 'gold.sales_daily' }).click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await until('both commands', () => commands.length === 2);
    assert.deepEqual(commands, ['ordersLakehouse.openTable gold.sales_daily', 'ordersLakehouse.run']);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('is loud about an equation that does not hold', async () => {
    const { page } = await open({ ...run, result: { ...run.result, equationHolds: false } });
    await page.getByText('The equation does not hold').waitFor();
    assert.equal(await page.locator('.equation').first().locator('.sign').first().textContent(), '≠');
    await page.close();
  });

  it('offers the first run', async () => {
    const { page, commands } = await open(null);
    await page.getByRole('button', { name: 'Run the pipeline' }).click();
    await until('the command', () => commands.length === 1);
    assert.deepEqual(commands, ['ordersLakehouse.run']);
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const { page } = await open(run, theme);
      await page.locator('.equation').first().waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.close();
    });
  }
});
