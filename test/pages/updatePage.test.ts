import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { UpdateCalls, UpdateShown } from '../../src/wire/update.ts';
import type { Handlers } from '../../src/wire/rpc.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

/** By WCAG 2, of two colours as `rgb(…)`. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const line = (n: number, level: string, message: string, causes: readonly string[] = []) => ({
  id: `e${n}`,
  timestamp: `2026-05-01T10:00:${String(n % 60).padStart(2, '0')}.000Z`,
  level,
  message,
  causes,
});
const running: UpdateShown = {
  badge: { name: 'shop prod', colour: 'red', readOnly: false },
  pipeline: 'orders_pipeline',
  state: { kind: 'running', text: 'running' },
  startedAt: '2026-05-01T10:00:00.000Z',
  fullRefresh: false,
  report: {
    flows: [
      { name: 'main.bronze.orders_raw', dataset: 'main.bronze.orders_raw', state: 'RUNNING', rows: 1000 },
    ],
    rules: [],
    lines: [line(1, 'INFO', 'Update 1 is RUNNING.')],
  },
  version: 1,
  over: false,
};
const failed: UpdateShown = {
  ...running,
  state: { kind: 'failed', text: 'failed' },
  report: {
    flows: [
      { name: 'main.bronze.orders_raw', dataset: 'main.bronze.orders_raw', state: 'COMPLETED', rows: 1000 },
      { name: 'main.silver.orders', dataset: 'main.silver.orders', state: 'FAILED' },
    ],
    rules: [
      { name: 'positive_price', dataset: 'main.silver.orders', passed_records: 998, failed_records: 2 },
    ],
    lines: [
      line(1, 'INFO', 'Update 1 is RUNNING.'),
      line(2, 'WARN', 'Something is slow.'),
      line(3, 'ERROR', "Flow 'main.silver.orders' has FAILED.", ['Job aborted.', 'Column `x` is not there.']),
    ],
  },
  version: 2,
  over: true,
};

describe('the page of an update', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  /** Answers the calls to `follow` one after the other; the last answer is for all that come. */
  const open = async (
    answers: readonly (UpdateShown | Promise<UpdateShown>)[],
    more: Partial<Handlers<UpdateCalls>> = {},
    theme: 'dark' | 'light' | 'high-contrast' = 'dark',
  ) => {
    const asked: number[] = [];
    const log: string[] = [];
    const note = (what: string) => () => {
      log.push(what);
      return null;
    };
    const opened = await openPage<UpdateCalls>(browser, {
      name: 'updatePage',
      title: 'Update',
      theme,
      handlers: {
        copy: () => null,
        command: () => null,
        follow: ({ version }) => {
          asked.push(version);
          return answers[Math.min(asked.length, answers.length) - 1] ?? running;
        },
        stop: note('stop'),
        browse: note('browse'),
        log: note('log'),
        ...more,
      },
    });
    return { ...opened, asked, log };
  };

  it('shows news as they come, each event once, and stops asking at the end', async () => {
    let tell: (shown: UpdateShown) => void = () => undefined;
    const next = new Promise<UpdateShown>((resolve) => {
      tell = resolve;
    });
    const { page, asked, errors } = await open([running, next]);
    await page.locator('.facts', { hasText: '▶ running' }).waitFor();
    await page.getByText('Nothing was counted yet.').waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'orders_pipeline');
    tell(failed);
    await page.locator('.facts', { hasText: '✗ failed' }).waitFor();
    const events = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
    assert.deepEqual(await events.locator('td:nth-child(2)').allTextContents(), ['INFO', 'WARN', 'ERROR']);
    assert.deepEqual(asked, [0, 1]);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('shows what its rules counted, as for a local run, and what failed first', async () => {
    const { page } = await open([failed]);
    const rules = page.getByRole('table', { name: 'Rules, in this run' });
    await rules.waitFor();
    assert.deepEqual(await rules.locator('tbody tr').first().locator('td').allTextContents(), [
      'positive_price',
      'main.silver.orders',
      '998',
      '2',
      '0.2%',
    ]);
    assert.equal(await page.locator('.report > div > p.error').textContent(), 'Column `x` is not there.');
    const flows = page.getByRole('table', { name: 'Flows' });
    assert.deepEqual(await flows.locator('tbody tr').nth(1).locator('td').allTextContents(), [
      'main.silver.orders',
      '✗ failed',
      '',
    ]);
    await page.close();
  });

  it('can show problems alone', async () => {
    const { page } = await open([failed]);
    await page.getByLabel('Only warnings and errors').check();
    const events = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
    assert.deepEqual(await events.locator('td:nth-child(2)').allTextContents(), ['WARN', 'ERROR']);
    await page.getByLabel('Only warnings and errors').uncheck();
    assert.equal(await events.count(), 3);
    await page.close();
  });

  it('is stopped while it runs, and not when it is over', async () => {
    const never = new Promise<UpdateShown>(() => undefined);
    const first = await open([running, never]);
    await first.page.getByRole('button', { name: 'Stop…' }).click();
    await first.page.getByRole('button', { name: 'Open in browser' }).click();
    await first.page.getByRole('button', { name: 'Event log by SQL' }).click();
    await until('all three', () => first.log.length === 3);
    assert.deepEqual(first.log, ['stop', 'browse', 'log']);
    await first.page.close();
    const second = await open([failed]);
    await second.page.locator('.facts', { hasText: 'failed' }).waitFor();
    assert.equal(await second.page.getByRole('button', { name: 'Stop…' }).count(), 0);
    await second.page.close();
  });

  it('keeps what it shows when the workspace does not answer, and goes on when asked', async () => {
    let calls = 0;
    const { page } = await open([], {
      follow: () => {
        calls += 1;
        if (calls === 1) return running;
        if (calls === 2) throw new Refused({ code: 'workspace-unreachable', message: 'It does not answer.' });
        return failed;
      },
    });
    await page.getByRole('alert').getByText('It does not answer.').waitFor();
    assert.equal(await page.getByRole('table', { name: 'Flows' }).count(), 1);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.facts', { hasText: '✗ failed' }).waitFor();
    assert.equal(await page.getByRole('alert').textContent(), '');
    await page.close();
  });

  it('does not take the focus away with news', async () => {
    let tell: (shown: UpdateShown) => void = () => undefined;
    const next = new Promise<UpdateShown>((resolve) => {
      tell = resolve;
    });
    const { page } = await open([running, next]);
    await page.getByRole('button', { name: 'Open in browser' }).focus();
    tell(failed);
    await page.locator('.facts', { hasText: '✗ failed' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Open in browser');
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`is accessible (${theme})`, async () => {
      const { page } = await open([failed], {}, theme);
      await page.locator('.facts', { hasText: 'failed' }).waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      const colours = await page.locator('strong.bad').evaluate((bad) => ({
        text: getComputedStyle(bad).color,
        behind: getComputedStyle(document.body).backgroundColor,
      }));
      // Axe leaves it out here.
      assert.ok(contrast(colours.text, colours.behind) >= 4.5, JSON.stringify(colours));
      if (process.env['SHOTS'])
        await page.screenshot({ path: `${process.env['SHOTS']}/update-${theme}.png` });
      await page.close();
    });
  }
});
