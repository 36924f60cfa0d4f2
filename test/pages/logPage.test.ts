import assert from 'node:assert/strict';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createLogReader, type LogLine } from '../../src/core/logLines.ts';
import type { LogBatch, LogCalls } from '../../src/wire/log.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

const stamp = (index: number): string =>
  `2026-11-24 13:${String(Math.floor(index / 60) % 60).padStart(2, '0')}:${String(index % 60).padStart(2, '0')},000`;

/** Every tenth line a warning, every hundredth an error with a trace of three lines. */
function logOf(lines: number): string[] {
  const texts: string[] = [];
  for (let index = 0; texts.length < lines; index++) {
    if (index % 100 === 99) {
      texts.push(
        `${stamp(index)} ERROR Task ${index} failed (Executor)`,
        'org.apache.spark.SparkException: [TASK_WRITE_FAILED] no room',
        `\tat org.apache.spark.Writer.write${index}(Writer.scala:${index})`,
        'Caused by: java.io.IOException: No space left on device',
      );
    } else {
      texts.push(`${stamp(index)} ${index % 10 === 9 ? 'WARN' : 'INFO'} Line number ${index} (Kafka)`);
    }
  }
  return texts.slice(0, lines);
}

/** A host whose log the test writes. */
function scripted(first: readonly string[]) {
  const copied: string[] = [];
  const opened: string[] = [];
  const read = createLogReader();
  let pending: LogLine[] = first.map(read);
  let filter: LogBatch['filter'];
  let ended = false;
  let refused: Refused | undefined;
  let wake: (() => void) | undefined;
  const change = (): void => wake?.();
  return {
    copied,
    opened,
    write: (...lines: string[]) => {
      pending.push(...lines.map(read));
      change();
    },
    show: (wanted: LogBatch['filter']) => {
      filter = wanted;
      change();
    },
    end: () => {
      ended = true;
      change();
    },
    refuse: (failure: Refused | undefined) => {
      refused = failure;
      change();
    },
    handlers: {
      copy: (text: string) => {
        copied.push(text);
        return null;
      },
      command: () => null,
      openText: (text: string) => {
        opened.push(text);
        return null;
      },
      next: async ({ reset }: { reset: boolean }): Promise<LogBatch> => {
        let told = ended;
        while (pending.length === 0 && filter === undefined && ended === told && !refused) {
          await new Promise<void>((resolve) => (wake = resolve));
          told = false;
        }
        if (refused) throw refused;
        const batch = {
          lines: pending.splice(0, 2000),
          anew: reset,
          ended: ended && pending.length === 0,
          ...(filter === undefined ? {} : { filter }),
        };
        filter = undefined;
        return batch;
      },
    },
    empty: () => {
      pending = [];
    },
  };
}

describe('the log page', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = (
    script: ReturnType<typeof scripted>,
    more: Partial<Parameters<typeof openPage<LogCalls>>[1]> = {},
  ) =>
    openPage<LogCalls>(browser, {
      name: 'logPage',
      title: 'Spark log',
      handlers: script.handlers,
      ...more,
    });
  const facts = (page: Page) => page.locator('.facts').textContent();
  const rows = (page: Page): Promise<string[]> => page.locator('.line .text').allTextContents();
  const inSight = (page: Page, text: string) => page.locator('.line', { hasText: text }).first();
  const scrolled = (page: Page) => page.locator('.log').evaluate((log) => log.scrollTop);

  it('shows the last lines and follows the newest, with few rows in the document', async () => {
    const script = scripted(logOf(1000));
    const { page, errors } = await open(script);
    await inSight(page, 'Line number').waitFor();
    script.write(`${stamp(5)} INFO the newest of all (Kafka)`);
    await inSight(page, 'the newest of all').waitFor();
    assert.ok((await page.locator('.line').count()) < 120);
    assert.match((await facts(page)) ?? '', /^1,001 lines · 9 errors$/);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('takes 100,000 lines, keeps the newest 50,000, says so, and scrolls through them', async () => {
    const script = scripted(logOf(100_000));
    const { page } = await open(script);
    await page.getByText('older ones were dropped, the newest 50,000 are kept').waitFor();
    const newest = logOf(100_000)
      .at(-1)
      ?.replace(/^.*,000 (INFO|WARN|ERROR) /, '');
    const kept = await until('all of them', async () => {
      // Both at one moment: lines may come between two looks.
      const [told, last] = await page.evaluate(() => [
        document.querySelector('.facts')?.textContent ?? '',
        [...document.querySelectorAll('.line .text')].at(-1)?.textContent ?? '',
      ]);
      const count = Number(/^([\d,]+) lines/.exec(told)?.[1]?.replaceAll(',', ''));
      return last === newest ? count : undefined;
    });
    assert.ok(kept >= 50_000 && kept <= 52_000, String(kept));
    await page.locator('.log').focus();
    await page.keyboard.press('Home');
    const expected =
      logOf(100_000)
        .slice(-kept)[0]
        ?.replace(/^.*,000 (INFO|WARN|ERROR) /, '') ?? '';
    await until('the oldest', async () => (await rows(page))[0] === expected);
    await page.keyboard.press('End');
    await until('the newest', async () =>
      (await rows(page)).includes(
        logOf(100_000)
          .at(-1)
          ?.replace(/^.*,000 (INFO|WARN) /, '') ?? '',
      ),
    );
    await page.close();
  });

  it('filters by level, with the trace of an error, and by text, marked', async () => {
    const script = scripted(logOf(1000));
    const { page } = await open(script);
    await inSight(page, 'Line number').waitFor();
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    await page.getByText('36 shown').waitFor();
    assert.ok(!(await rows(page)).some((text) => text.startsWith('Line number')));
    await inSight(page, 'Caused by: java.io.IOException: No space left on device').waitFor();
    await page.getByRole('searchbox').fill('write199(');
    await page.getByText('4 shown').waitFor();
    assert.deepEqual(await page.locator('mark').allTextContents(), ['write199(']);
    await page.getByRole('button', { name: 'Use a regular expression' }).click();
    await page.getByText('This is no regular expression.').waitFor();
    await page.getByRole('searchbox').fill('write[1-3]99');
    await page.getByText('12 shown').waitFor();
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No line matches the filter.').waitFor();
    await page.getByRole('button', { name: 'Show all lines' }).click();
    await inSight(page, 'Line number').waitFor();
    assert.match((await facts(page)) ?? '', /^1,000 lines · 9 errors$/);
    await page.close();
  });

  it('pauses when one scrolls up, stays where one reads, and jumps to the newest', async () => {
    const script = scripted(logOf(1000));
    const { page } = await open(script);
    await inSight(page, 'Line number').waitFor();
    await page.locator('.log').hover();
    await page.mouse.wheel(0, -800);
    await page.getByRole('button', { name: 'Jump to newest' }).waitFor();
    const before = await scrolled(page);
    script.write(...logOf(30));
    const jump = page.getByRole('button', { name: '30 new lines' });
    await jump.waitFor();
    assert.equal(await scrolled(page), before);
    await jump.click();
    await until('the end', async () => (await scrolled(page)) > before);
    assert.equal(await jump.isVisible(), false);
    await page.getByRole('button', { name: 'Pause' }).click();
    script.write(`${stamp(1)} INFO not shown yet (Kafka)`);
    await page.getByRole('button', { name: '1 new line' }).waitFor();
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await inSight(page, 'not shown yet').waitFor();
    await page.close();
  });

  it('copies the chosen lines as they stand in the log, and opens what is shown as text', async () => {
    const log = logOf(20);
    const script = scripted(log);
    const { page } = await open(script);
    await inSight(page, 'Line number 19').waitFor();
    await inSight(page, 'Line number 3 ').click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await until('the copy', () => script.copied.length === 1);
    assert.deepEqual(script.copied, [log.slice(3, 5).join('\n')]);
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Open as text' }).click();
    await until('the document', () => script.opened.length === 1 && script.copied.length === 2);
    assert.deepEqual([script.copied[1], script.opened[0]], [log.join('\n'), log.join('\n')]);
    await page.close();
  });

  it('wraps long lines whole', async () => {
    const script = scripted([`${stamp(0)} INFO ${'0123456789'.repeat(60)} the end`, `${stamp(1)} INFO next`]);
    const { page } = await open(script);
    const long = inSight(page, 'the end');
    await long.waitFor();
    const one = (await long.boundingBox())?.height ?? 0;
    await page.getByRole('button', { name: 'Wrap lines' }).click();
    await until('more height', async () => ((await long.boundingBox())?.height ?? 0) > 4 * one);
    const text = await long.locator('.text').boundingBox();
    const row = await long.boundingBox();
    const next = await inSight(page, 'next').boundingBox();
    assert.ok(text && row && next);
    assert.ok(text.height <= row.height, `${text.height} in ${row.height}`);
    assert.ok(text.x + text.width <= 1000);
    assert.equal(next.y, row.y + row.height);
    await page.close();
  });

  it('shows only errors when it is asked to from outside', async () => {
    const script = scripted(logOf(300));
    const { page } = await open(script);
    await inSight(page, 'Line number').waitFor();
    script.show('error');
    await page.getByText('8 shown').waitFor();
    const pressed = page.locator('[aria-pressed="true"]', { hasText: 'Errors' });
    assert.equal(await pressed.textContent(), 'Errors');
    await page.close();
  });

  it('says that a part ended, and why there is no log, and begins anew when it can', async () => {
    const script = scripted(logOf(5));
    const { page, host } = await open(script);
    await inSight(page, 'Line number 4').waitFor();
    script.end();
    await page.getByText('5 lines · 0 errors · ended').waitFor();
    script.refuse(
      new Refused({
        code: 'no-log',
        message: 'There is no log of spark yet.',
        action: { title: 'Start sandbox', command: 'ordersLakehouse.start' },
      }),
    );
    await page.getByText('There is no log of spark yet.').waitFor();
    await page.getByRole('button', { name: 'Start sandbox' }).waitFor();
    script.refuse(undefined);
    script.write(`${stamp(0)} INFO again (Kafka)`);
    host.notify('changed', null);
    await inSight(page, 'again').waitFor();
    assert.match((await facts(page)) ?? '', /^1 line /);
    await page.close();
  });

  it('speaks Portuguese', async () => {
    const { page } = await open(scripted(logOf(1000)), { locale: 'pt-br' });
    await page.getByText('1.000 linhas · 9 erros').waitFor();
    await page.getByRole('button', { name: 'Avisos e erros' }).waitFor();
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}, with a line chosen and a match marked`, async () => {
      const { page, errors } = await open(scripted(logOf(300)), { theme });
      await page.getByRole('searchbox').fill('Task');
      await page.getByText('8 shown').waitFor();
      await page.locator('.line').nth(1).click();
      assert.deepEqual(await accessibilityViolations(page), []);
      assert.deepEqual(errors, []);
      await page.close();
    });
  }
});
