import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { Finding, Mend } from '../../src/core/doctor.ts';
import type { DoctorCalls, FailedStart, Known, Report } from '../../src/wire/doctor.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

const LONG = `/home/maria/${'a-very-long-folder-name/'.repeat(12)}orders-lakehouse`;

const taken: Finding = {
  id: 'ports',
  title: 'Ports',
  status: 'problem',
  evidence: 'Port 9092, set for kafka.broker, is held by java (process 4711).',
  fix: 'End that program, or set another port.',
  mend: { kind: 'setting', name: 'ports.kafka', label: 'Set another port' },
};
const left: Finding = {
  id: 'leftovers',
  title: 'Leftovers',
  status: 'warning',
  evidence: `Left by a sandbox whose watching process was ended: kafka (process 12) in ${LONG}`,
  fix: 'End them, or start the sandbox again.',
  mend: { kind: 'mend', id: 'leftovers', label: 'End them' },
};
const fine: readonly Finding[] = [
  { id: 'java', title: 'Java', status: 'ok', evidence: 'Java 25, installed with the sandbox' },
  { id: 'disk', title: 'Disk', status: 'ok', evidence: `57.9 GB free in ${LONG}` },
];
const failed: FailedStart = {
  message: 'kafka could not be started: ended with exit code 1',
  hint: 'The end of its log:\nline one\nline two',
  hasLog: true,
};
const reportOf = (...findings: readonly Finding[]): Report => ({
  findings,
  lookedAt: '2026-01-31T12:00:00.000Z',
});

describe('the page of the doctor', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (
    report: Report,
    options: {
      readonly failure?: FailedStart;
      readonly theme?: 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';
      readonly locale?: string;
      readonly refuseMend?: boolean;
    } = {},
  ) => {
    const { failure = null, theme = 'dark', locale = 'en' } = options;
    const calls: string[] = [];
    const mends: Mend[] = [];
    const state: { known: Known; next: Report } = {
      known: { failure, report: null, due: false },
      next: report,
    };
    const opened = await openPage<DoctorCalls>(browser, {
      name: 'doctorPage',
      title: 'Doctor',
      theme,
      locale,
      handlers: {
        copy: () => null,
        command: ({ id }) => {
          calls.push(id);
          return null;
        },
        known: () => state.known,
        look: () => {
          calls.push('look');
          state.known = { ...state.known, report: state.next, due: false };
          return state.next;
        },
        mend: (mend) => {
          if (options.refuseMend) {
            throw new Refused({ code: 'busy', message: 'It is busy.', hint: 'Wait a little.' });
          }
          mends.push(mend);
          return null;
        },
        copyAll: () => {
          calls.push('copyAll');
          return null;
        },
        showLog: () => {
          calls.push('showLog');
          return null;
        },
      },
    });
    await opened.page.locator('.finding').first().waitFor({ state: 'attached' });
    return { ...opened, calls, mends, state };
  };

  it('names each finding by a word, its evidence and its fix, and folds what is in order', async () => {
    const { page, errors } = await open(reportOf(taken, left, ...fine));
    assert.deepEqual(await page.locator('.finding:visible h3').allTextContents(), [
      'Problem: Ports',
      'Warning: Leftovers',
    ]);
    assert.deepEqual(await page.locator('.finding').first().locator('p').allTextContents(), [
      taken.evidence,
      taken.fix,
    ]);
    assert.match((await page.locator('.facts').textContent()) ?? '', /^Problems: 1, warnings: 1 · /);
    await page.getByText('In order: 2').click();
    assert.deepEqual(await page.locator('.finding.ok:visible h3').allTextContents(), [
      'In order: Java',
      'In order: Disk',
    ]);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('has a button that mends, and shows what is left when it is told of a change', async () => {
    const { page, host, mends, state, calls } = await open(reportOf(taken, left));
    await page.getByRole('button', { name: 'End them: Leftovers' }).click();
    await until('the mend', () => mends.length === 1);
    assert.deepEqual(mends, [left.mend]);
    state.next = reportOf(taken);
    state.known = { ...state.known, due: true };
    host.notify('changed', null);
    await page.getByText('Warning: Leftovers').waitFor({ state: 'detached' });
    assert.deepEqual(await page.locator('.finding h3').allTextContents(), ['Problem: Ports']);
    assert.deepEqual(calls, ['look', 'look']);
    // Nothing happened since: it looks at nothing.
    host.notify('changed', null);
    state.known = { ...state.known, failure: failed };
    host.notify('changed', null);
    await page.getByRole('heading', { name: 'The start failed' }).waitFor();
    assert.deepEqual(calls, ['look', 'look']);
    await page.close();
  });

  it('says why a mend failed, and keeps its button', async () => {
    const { page } = await open(reportOf(left), { refuseMend: true });
    await page.getByRole('button', { name: /^End them/ }).click();
    await page.getByRole('alert').getByText('It is busy. Wait a little.').waitFor();
    assert.ok(await page.getByRole('button', { name: /^End them/ }).isEnabled());
    await page.close();
  });

  it('stands the failed start on top, with its lines, its log and another try', async () => {
    const { page, calls } = await open(reportOf(taken), { failure: failed });
    const section = page.getByRole('region', { name: 'The start failed' });
    assert.equal(await section.locator('.what').textContent(), failed.message);
    assert.equal(await section.locator('pre').textContent(), failed.hint);
    const [failureTop, findingTop] = await Promise.all(
      [section, page.locator('.finding')].map(async (one) => (await one.boundingBox())?.y ?? 0),
    );
    assert.ok((failureTop ?? 0) < (findingTop ?? 0));
    await page.getByRole('button', { name: 'Show log' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await until('both', () => calls.length === 3);
    assert.deepEqual(calls, ['look', 'showLog', 'ordersLakehouse.start']);
    await page.close();
  });

  it('looks again and copies, by the keyboard alone, and keeps the keyboard where it is', async () => {
    const { page, calls } = await open(reportOf(taken, left));
    const order: string[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    assert.deepEqual(order, [
      'Look again',
      'Copy as text',
      'Doctor',
      'Set another port: Ports',
      'End them: Leftovers',
    ]);
    await page.getByRole('button', { name: 'Copy as text' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.facts', { hasText: 'Copied.' }).waitFor();
    await page.getByRole('button', { name: /^End them/ }).focus();
    await page.getByRole('button', { name: 'Look again' }).evaluate((one: HTMLElement) => {
      one.click();
    });
    await until('the second look', () => calls.filter((one) => one === 'look').length === 2);
    await page.locator('.facts', { hasText: 'Problems' }).waitFor();
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'End them: Leftovers',
    );
    await page.close();
  });

  it('is content when nothing stands in the way', async () => {
    const { page } = await open(reportOf(...fine));
    await page.getByText('✓ Nothing stands in the way.').waitFor();
    assert.equal(await page.locator('.finding:visible').count(), 0);
    await page.close();
  });

  it('speaks Portuguese', async () => {
    const { page } = await open(reportOf(taken, left, ...fine), { locale: 'pt-br', failure: failed });
    assert.deepEqual(await page.locator('.finding:visible .word').allTextContents(), [
      'Problema: ',
      'Aviso: ',
    ]);
    await page.getByRole('button', { name: 'Examinar de novo' }).waitFor();
    await page.close();
  });

  it('wraps long paths: nothing is cut, nothing scrolls sideways', async () => {
    const { page } = await open(reportOf(left, ...fine), { failure: { ...failed, hint: LONG } });
    await page.getByText('In order: 2').click();
    const wide = await page.locator('.report').evaluate((report) => report.scrollWidth - report.clientWidth);
    assert.equal(wide, 0);
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const { page } = await open(reportOf(taken, left, ...fine), { theme, failure: failed });
      await page.getByText('In order: 2').click();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.close();
    });
  }
});
