import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { MessageLine, TopicCalls } from '../../src/wire/topic.ts';
import type { Handlers } from '../../src/wire/rpc.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused } from './support/scriptedHost.ts';

/** The message with this age: 0 is the newest. */
function messageAt(age: number, total: number): MessageLine {
  const serial = total - 1 - age;
  return {
    partition: serial % 3,
    offset: String(Math.floor(serial / 3)),
    timestamp: new Date(Date.UTC(2026, 0, 1) + serial * 1000).toISOString(),
    key: String(100_000 + serial),
    preview: JSON.stringify({ transactionNo: String(100_000 + serial), price: '10.60' }),
  };
}

interface Script {
  readonly handlers: Handlers<TopicCalls>;
  readonly copied: string[];
  readonly commands: string[];
  readonly asked: (string | undefined)[];
}

function topicOf(total: () => number): Script {
  const copied: string[] = [];
  const commands: string[] = [];
  const asked: (string | undefined)[] = [];
  return {
    copied,
    commands,
    asked,
    handlers: {
      copy: (text) => {
        copied.push(text);
        return null;
      },
      command: ({ id }) => {
        commands.push(id);
        return null;
      },
      info: () => ({ topic: 'orders', messages: total(), partitions: 3 }),
      messages: ({ before, limit }) => {
        asked.push(before);
        const from = Number(before ?? 0);
        const to = Math.min(total(), from + limit);
        return {
          messages: Array.from({ length: to - from }, (_, index) => messageAt(from + index, total())),
          ...(to < total() ? { next: String(to) } : {}),
        };
      },
      message: ({ partition, offset }) => ({
        ...messageAt(0, total()),
        partition,
        offset,
        json: JSON.stringify(
          { transactionNo: `${offset}-${partition}`, price: '10.60', quantity: 3 },
          null,
          2,
        ),
        headers: { origin: 'test' },
        schemaId: 7,
      }),
    },
  };
}

describe('the message viewer', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = (script: Script, more: Partial<Parameters<typeof openPage<TopicCalls>>[1]> = {}) =>
    openPage<TopicCalls>(browser, { name: 'topicPage', title: 'orders', handlers: script.handlers, ...more });

  it('shows the newest message first, with its fields', async () => {
    const { page, errors } = await open(topicOf(() => 500));
    const first = page.locator('.body .row').first();
    await first.waitFor();
    const cells = await first.locator('.cell').allTextContents();
    assert.deepEqual(cells, [
      '2026-01-01 00:08:19.000',
      '1',
      '166',
      '100499',
      '{"transactionNo":"100499","price":"10.60"}',
    ]);
    assert.equal(await page.locator('.facts').textContent(), '200 of 500 messages · 3 partitions');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('loads older pages while one scrolls, each once, down to the oldest', async () => {
    const script = topicOf(() => 500);
    const { page } = await open(script);
    await page.locator('.body .row').first().waitFor();
    await page.locator('.grid').focus();
    for (const loaded of ['400', '500']) {
      await page.keyboard.press('End');
      await page.locator('.facts', { hasText: `${loaded} of 500` }).waitFor();
    }
    await page.keyboard.press('End');
    const last = page.locator('.body .row').last();
    await last.filter({ hasText: '100000' }).waitFor();
    assert.deepEqual(script.asked, [undefined, '200', '400']);
    await page.close();
  });

  it('opens a message by key, shows it as JSON, copies it, and gives the focus back', async () => {
    const script = topicOf(() => 10);
    const { page } = await open(script);
    await page.locator('.body .row').first().waitFor();
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const detail = page.locator('.detail');
    await detail.getByText('Partition 2, offset 2').first().waitFor();
    assert.match((await detail.locator('pre').textContent()) ?? '', /"transactionNo": "2-2"/);
    assert.match((await detail.locator('dl').textContent()) ?? '', /Header origintest/);
    await detail.getByRole('button', { name: 'Copy' }).click();
    await detail.getByRole('button', { name: 'Close detail' }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    await page.keyboard.press('Control+c');
    await until('two copies', () => script.copied.length === 2);
    assert.deepEqual(script.copied, [
      JSON.stringify({ transactionNo: '2-2', price: '10.60', quantity: 3 }, null, 2),
      '2026-01-01 00:00:08.000\t2\t2\t100008\t"{""transactionNo"":""100008"",""price"":""10.60""}"',
    ]);
    await page.close();
  });

  it('marks what could not be decoded, and says why', async () => {
    const script = topicOf(() => 3);
    const messages = [
      { ...messageAt(0, 3), preview: 'AAECAw==', error: 'The first byte is 5, not 0.' },
      messageAt(1, 3),
    ];
    const { page } = await open({
      ...script,
      handlers: { ...script.handlers, messages: () => ({ messages }) },
    });
    assert.equal(await page.locator('.cell.bad').first().textContent(), '⚠ The first byte is 5, not 0.');
    await page.close();
  });

  it('says that a topic is empty, and offers to fill it', async () => {
    const script = topicOf(() => 0);
    const { page } = await open(script);
    await page.getByText('No messages in orders yet.').waitFor();
    await page.getByRole('button', { name: 'Produce orders' }).click();
    await until('the command', () => script.commands.length > 0);
    assert.deepEqual(script.commands, ['ordersLakehouse.produce']);
    await page.close();
  });

  it('tells why it cannot read, offers the remedy, and recovers when the host says so', async () => {
    const script = topicOf(() => 5);
    let stopped = true;
    const { page, host } = await open({
      ...script,
      handlers: {
        ...script.handlers,
        info: (params, signal) => {
          if (!stopped) return script.handlers.info(params, signal);
          throw new Refused({
            code: 'sandbox-stopped',
            message: 'The sandbox is not running.',
            hint: 'Start it first.',
            action: { title: 'Start sandbox', command: 'ordersLakehouse.start' },
          });
        },
      },
    });
    await page.getByText('The sandbox is not running.').waitFor();
    await page.getByText('Start it first.').waitFor();
    await page.getByRole('button', { name: 'Start sandbox' }).click();
    await until('the command', () => script.commands.length > 0);
    stopped = false;
    host.notify('changed', null);
    await page.locator('.body .row').first().waitFor();
    assert.deepEqual(script.commands, ['ordersLakehouse.start']);
    await page.close();
  });

  it('says that new messages arrived, and shows them on refresh', async () => {
    let total = 5;
    const { page, host } = await open(topicOf(() => total));
    await page.locator('.body .row').first().waitFor();
    total = 6;
    host.notify('changed', null);
    await page.getByText('New messages').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.locator('.body .row', { hasText: '100005' }).waitFor();
    assert.equal(await page.getByText('New messages').isVisible(), false);
    await page.close();
  });

  it('speaks Portuguese', async () => {
    const { page } = await open(
      topicOf(() => 1500),
      { locale: 'pt-br' },
    );
    await page.locator('.body .row').first().waitFor();
    assert.equal(await page.locator('.facts').textContent(), '200 de 1.500 mensagens · 3 partições');
    await page.getByRole('button', { name: 'Atualizar' }).waitFor();
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    it(`is accessible in ${theme}, with a message open`, async () => {
      const script = topicOf(() => 50);
      const { page, errors } = await open(script, { theme });
      await page.locator('.body .row').nth(2).click();
      await page.locator('.detail pre').waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      assert.deepEqual(errors, []);
      await page.close();
    });
  }
});
