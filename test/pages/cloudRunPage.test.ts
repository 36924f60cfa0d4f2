import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { CloudRun, CloudRunCalls, CloudTask } from '../../src/wire/cloudRun.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

const STARTED = Date.parse('2026-01-31T12:00:00Z');
const task: CloudTask = {
  id: '71',
  key: 'notebook',
  kind: 'running',
  state: 'running',
  startedMs: STARTED,
  endedMs: 0,
  notebook: '/Users/ana@example.com/orders',
  parameters: [['country', 'BR']],
  result: null,
};
const running: CloudRun = {
  workspace: { name: 'ana', colour: 'blue', readOnly: false },
  id: '7',
  name: 'orders',
  kind: 'running',
  state: 'running',
  message: '',
  over: false,
  canOpen: true,
  canRunAgain: true,
  parameters: [],
  startedMs: STARTED,
  endedMs: 0,
  tasks: [task],
  nowMs: STARTED + 83_000,
};
const over = { over: true, endedMs: STARTED + 125_000, nowMs: STARTED + 125_000 };
const failed: CloudRun = {
  ...running,
  ...over,
  kind: 'failed',
  state: 'failed',
  message: 'Task notebook failed with message: Workload failed, see run output for details.',
  tasks: [
    {
      ...task,
      kind: 'failed',
      state: 'failed',
      endedMs: STARTED + 125_000,
      result: {
        error: "NameError: name 'missing' is not defined",
        trace: 'NameError <b>x</b>\nFile <command-12>, line 2\n      1 print(x)\n----> 2 print(missing)',
        truncated: false,
        place: { text: 'orders.py, line 12 (cell 3, line 2)', known: true },
      },
    },
  ],
};
const succeeded: CloudRun = {
  ...running,
  ...over,
  kind: 'succeeded',
  state: 'succeeded',
  tasks: [
    {
      ...task,
      kind: 'succeeded',
      state: 'succeeded',
      endedMs: STARTED + 125_000,
      result: { result: '{"rows": 42}', truncated: true },
    },
  ],
};

describe('the page of a run of Databricks', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  /** Each look gives the next one of `looks`; after the last nothing comes. */
  const open = async (
    looks: readonly (CloudRun | Refused)[],
    theme: 'dark' | 'light' | 'high-contrast' | 'high-contrast-light' = 'dark',
  ) => {
    const calls: string[] = [];
    const waiting = [...looks];
    /** Lets a held look go on. */
    let more: () => void = () => undefined;
    const called = (name: string) => () => {
      calls.push(name);
      return null;
    };
    const opened = await openPage<CloudRunCalls>(browser, {
      name: 'cloudRunPage',
      title: 'Run',
      theme,
      handlers: {
        copy: (text) => {
          calls.push(`copy ${text}`);
          return null;
        },
        command: called('command'),
        look: async ({ first }) => {
          calls.push(first ? 'look first' : 'look');
          if (!first) {
            await new Promise<void>((resolve) => {
              more = resolve;
            });
          }
          const next = waiting.shift() ?? looks.at(-1);
          if (!next || next instanceof Refused) throw next ?? new Error('no look');
          return next;
        },
        cancel: called('cancel'),
        openInBrowser: called('openInBrowser'),
        reveal: (id) => {
          calls.push(`reveal ${id}`);
          return null;
        },
        runAgain: called('runAgain'),
      },
    });
    return {
      ...opened,
      calls,
      next: () => {
        more();
      },
    };
  };
  const shot = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['ORDERS_SHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png` });
  };

  it('follows a run until it is over, and then asks no more', async () => {
    const { page, calls, errors, next } = await open([running, succeeded]);
    await page.getByRole('status').getByText('running').waitFor();
    const time = page.locator('.toolbar .elapsed .elapsed');
    const first = await time.textContent();
    assert.match(first ?? '', /^1 min 2[3-9] s$/);
    await until('the clock goes on', async () => (await time.textContent()) !== first);
    assert.equal(await page.getByText('Closing this page leaves the run').count(), 1);
    assert.deepEqual(await page.locator('.task dl').locator('dt, dd').allTextContents(), ['country', 'BR']);
    await shot(page, 'running-dark');
    await until('the second look', () => calls.length === 2);
    next();
    await page.getByRole('status').getByText('succeeded').waitFor();
    assert.equal(await time.textContent(), '2 min 5 s');
    assert.equal(await page.getByRole('region', { name: 'Result' }).textContent(), '{"rows": 42}');
    await page.getByText('Only a part is shown here').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel the run' }).count(), 0);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('button', { name: 'Copy: Result' }).click();
    await until('the calls', () => calls.length === 4);
    assert.deepEqual(calls, ['look first', 'look', 'runAgain', 'copy {"rows": 42}']);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('shows an error with its trace as text, and the line of the file as a link', async () => {
    const { page, calls, errors } = await open([failed]);
    await page.getByText("NameError: name 'missing' is not defined").waitFor();
    assert.match((await page.getByRole('region', { name: 'Trace' }).textContent()) ?? '', /<b>x<\/b>/);
    await page.getByRole('button', { name: 'orders.py, line 12 (cell 3, line 2)' }).click();
    await until('the call', () => calls.includes('reveal 71'));
    await shot(page, 'failed-dark');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('does not make a link of a line that is not known', async () => {
    const [one] = failed.tasks;
    assert.ok(one?.result);
    const place = { text: 'Line 2 of a cell; which one cannot be told from the trace.', known: false };
    const { page } = await open([{ ...failed, tasks: [{ ...one, result: { ...one.result, place } }] }]);
    await page.getByText(place.text).waitFor();
    assert.equal(await page.getByRole('button', { name: place.text }).count(), 0);
    await page.close();
  });

  it('cancels the run, and goes on looking', async () => {
    const cancelled: CloudRun = { ...running, ...over, kind: 'cancelled', state: 'cancelled', tasks: [] };
    const { page, calls, next } = await open([running, cancelled]);
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await until('the call', () => calls.includes('cancel') && calls.includes('look'));
    next();
    await page.getByRole('status').getByText('cancelled').waitFor();
    await page.close();
  });

  it('keeps what it shows when the workspace does not answer, says so, and tries again', async () => {
    const refused = new Refused({ code: 'workspace-unreachable', message: 'It does not answer.' });
    const { page, calls, next } = await open([running, refused, succeeded]);
    await until('the second look', () => calls.length === 2);
    next();
    await page.getByRole('alert').getByText('It does not answer. What is shown may be old.').waitFor();
    await page.getByRole('status').getByText('running').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('status').getByText('succeeded').waitFor();
    assert.equal(await page.getByText('What is shown may be old').count(), 0);
    await page.close();
  });

  it('says what is wrong when there is nothing to show', async () => {
    const refused = new Refused({ code: 'no-run', message: 'The workspace knows no run 7.' });
    const { page } = await open([refused]);
    await page.getByText('The workspace knows no run 7.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      for (const [name, one] of Object.entries({ running, failed, succeeded })) {
        const { page } = await open([one], theme);
        await page.getByRole('status').getByText(one.state).waitFor();
        await shot(page, `${name}-${theme}`);
        assert.deepEqual(await accessibilityViolations(page), [], name);
        await page.close();
      }
    });
  }
});
