/** The whole story in the installed extension: start, produce, read a message, run, see the right gold numbers, stop. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson } from '../live/support/cli.ts';
import { expectedOf, salesDaily, type ReadMessage } from '../live/support/oracle.ts';
import { until } from '../live/support/until.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const root = join(import.meta.dirname, '..', '..');
const LINES = 600;
/** Milliseconds. */
const START = 600_000;
const RUN = 600_000;

interface Read {
  readonly messages: readonly (ReadMessage & { readonly key: string })[];
}

const numbers = (count: number): string => count.toLocaleString('en');

describe('from an empty profile to a gold table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-journey-'));
  const home = join(folder, 'home of a person');
  const workspace = join(folder, 'orders');
  const vsix = join(folder, 'orders-lakehouse.vsix');
  let workbench: Workbench;
  let messages: Read['messages'];

  before(async () => {
    mkdirSync(workspace);
    execFileSync(process.execPath, [join(root, 'scripts', 'package.mjs'), vsix], { stdio: 'pipe' });
    workbench = await openWorkbench(
      {
        vsix,
        env: { ORDERS_LAKEHOUSE_HOME: home },
        settings: { 'workbench.colorTheme': 'Default Dark Modern' },
      },
      workspace,
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.picture('journey-failed');
  });
  after(async () => {
    await workbench.close();
    await cli(home, 'reset', '--yes');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('starts the sandbox by its button', async () => {
    const { page, node } = workbench;
    await page.getByRole('button', { name: 'Start sandbox', exact: true }).click();
    // On a machine that has none of the programs yet, the downloads are asked for first.
    const download = page.getByRole('button', { name: 'Download and start' });
    const ready = page.locator('.statusbar-item', { hasText: 'Orders: running' });
    await until(
      'the running sandbox',
      async () => {
        if (await download.isVisible()) await download.click();
        return ready.isVisible();
      },
      START,
    );
    for (const part of ['Kafka', 'Schema Registry', 'Spark']) {
      await node(part).filter({ hasText: 'MiB' }).waitFor();
    }
  });

  it('produces orders, some of them bad', async () => {
    const { page, notification } = workbench;
    await page.getByRole('button', { name: 'Produce orders', exact: true }).click();
    const input = page.locator('.quick-input-widget input');
    await page.getByText('How many order lines?').waitFor();
    await input.fill(String(LINES));
    await input.press('Enter');
    await page.getByText('How many lines a second?').waitFor();
    await input.press('Enter');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'A few of each' }).click();
    await notification(`${numbers(LINES)} lines sent to orders.`).waitFor({ timeout: 120_000 });
    ({ messages } = await cliJson<Read>(home, 'read', 'orders', '--from', 'beginning'));
    assert.equal(messages.length, LINES);
  });

  it('shows the messages with their fields', async () => {
    const { frame, notification } = workbench;
    await notification('lines sent to orders').getByRole('button', { name: 'Open topic' }).click();
    await frame.locator('.facts', { hasText: `of ${numbers(LINES)} messages` }).waitFor();
    const row = frame
      .locator('.body .row')
      .filter({ has: frame.locator('.cell.code') })
      .first();
    await row.click();
    const [timestamp = '', partition = '', offset = '', key = ''] = await row
      .locator('.cell')
      .allTextContents();
    await frame.getByText(`Partition ${partition}, offset ${offset}`).waitFor();
    const shown: unknown = JSON.parse((await frame.locator('.detail pre').first().textContent()) ?? '');
    const sent = messages.find(
      (message) => String(message.partition) === partition && message.offset === offset,
    );
    assert.ok(sent);
    assert.deepEqual(shown, sent.value);
    assert.equal(key, sent.key);
    assert.equal(timestamp, sent.timestamp.replace('T', ' ').replace('Z', ''));
    const newest = messages
      .map((message) => message.timestamp)
      .sort()
      .at(-1);
    assert.equal((await frame.locator('.detail dd').first().textContent()) === newest, true);
    await workbench.picture('messages');
  });

  it('finds messages by what stands in them, and follows what is sent', async () => {
    const { frame, page } = workbench;
    await page.keyboard.press('Escape');
    const wanted = 'photo';
    const found = messages.filter(({ key, value }) =>
      [key, ...Object.values(value as Record<string, unknown>)].some((one) =>
        String(one).toLowerCase().includes(wanted),
      ),
    );
    await frame.getByRole('searchbox').fill(wanted);
    await frame.locator('.facts', { hasText: `${found.length} of ${numbers(LINES)} held match` }).waitFor();
    const offsets = await frame.locator('.body .row .cell:nth-child(3)').allTextContents();
    assert.ok(offsets.length > 0 && offsets.every((offset) => found.some((one) => one.offset === offset)));
    await frame.getByRole('searchbox').fill('');
    await frame.locator('.facts', { hasText: `${numbers(LINES)} of ${numbers(LINES)}` }).waitFor();
  });

  it('adds a connection by its form, keeps its secret out of every file, and shows its topics', async () => {
    const { command, frame, page, node, files } = workbench;
    const secret = `Geheim-${process.pid}-token`;
    // The sandbox itself, as another Kafka; its registry passes over the login.
    const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(endpoints);
    await command('Orders Lakehouse: Add a Connection');
    await frame.getByLabel('Name', { exact: true }).fill('Squad');
    await frame.getByLabel('Bootstrap servers').fill(endpoints.bootstrap);
    await frame.getByLabel('Colour').selectOption('red');
    await frame.getByLabel('Read-only').check();
    await frame.getByLabel('Encrypted (TLS)').uncheck();
    await frame.getByRole('combobox', { name: 'Login', exact: true }).selectOption('none');
    await frame.getByLabel('It has a schema registry').check();
    await frame.getByLabel('Address', { exact: true }).fill(endpoints.registryUrl);
    await frame.getByLabel('Login of the registry').selectOption('bearer');
    await frame.getByLabel('Token', { exact: true }).fill(secret);
    await frame.getByRole('button', { name: 'Test' }).click();
    await frame.getByText('✓ Kafka: Kafka answers.').waitFor();
    await frame.getByText('✓ Schema registry: The schema registry answers.').waitFor();
    await workbench.picture('connection');
    await frame.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Connections Section' }).click();
    await node('Squad').click();
    const topic = page
      .locator('.pane', { has: page.getByRole('button', { name: 'Connections Section' }) })
      .locator('.monaco-list-row', { hasText: /^orders/ });
    await topic.click();
    await frame.locator('.badge', { hasText: 'Squad' }).getByText('read-only').waitFor();
    await frame.locator('.facts', { hasText: `of ${numbers(LINES)} messages` }).waitFor();
    await workbench.picture('connection-topic');
    const leaking = files().filter((path) => readFileSync(path).includes(secret));
    assert.deepEqual(leaking, []);
    await page.keyboard.press('Control+w');
    await page.getByRole('button', { name: 'Connections Section' }).click();
  });

  it('runs the pipeline, and the equation adds up', async () => {
    const { command, notification } = workbench;
    await command('Orders Lakehouse: Run Pipeline');
    const expected = expectedOf(messages);
    await notification('The run is complete').waitFor({ timeout: RUN });
    const text = (await notification('The run is complete').textContent()) ?? '';
    const equation =
      `bronze ${numbers(expected.bronze)} = silver ${numbers(expected.silver.length)} + ` +
      `quarantine ${numbers(expected.quarantine)} + duplicates ${numbers(expected.duplicates)}`;
    assert.ok(text.includes(equation), `${text} should say: ${equation}`);
  });

  it('shows gold.sales_daily with the right numbers, to the cent', async () => {
    const { frame, notification, page, clipboard } = workbench;
    await notification('The run is complete').getByRole('button', { name: 'Open gold.sales_daily' }).click();
    const expected = salesDaily(expectedOf(messages).silver);
    await frame.locator('.facts', { hasText: `${numbers(expected.length)} of` }).waitFor();
    const titles = await frame.locator('.head .title').allTextContents();
    await frame.locator('.body .cell').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const copied = await until('the copied table', async () => {
      const lines = (await clipboard()).split('\n').map((line) => line.split('\t'));
      return lines.length === expected.length && lines[0]?.length === titles.length ? lines : undefined;
    });
    const shown = copied.map((cells) => Object.fromEntries(titles.map((title, at) => [title, cells[at]])));
    const byKey = (row: Record<string, string | undefined>): string =>
      `${row['order_date']} ${row['country']}`;
    shown.sort((a, b) => (byKey(a) < byKey(b) ? -1 : 1));
    const sorted = [...expected].sort((a, b) => (byKey(a) < byKey(b) ? -1 : 1));
    assert.deepEqual(shown, sorted);
    const onScreen = await frame.locator('.body .row').first().locator('.cell').allTextContents();
    assert.ok(sorted.some((row) => titles.every((title, at) => row[title] === onScreen[at])));
    await frame.getByRole('columnheader', { name: /^order_date/ }).click();
    await frame.locator('[aria-sort="ascending"]', { hasText: 'order_date' }).waitFor();
    const dates = await frame.locator('.body .row .cell:first-child').allTextContents();
    assert.deepEqual(dates, dates.toSorted());
    await workbench.picture('gold');
  });

  it('shows the quality of the run', async () => {
    const { command, frame, page } = workbench;
    await command('Orders Lakehouse: Show Last Run and Its Quality');
    await frame.getByText('Every message is accounted for.').waitFor();
    const { rules } = expectedOf(messages);
    const rows = await frame
      .getByRole('table', { name: 'Rules, in this run' })
      .locator('tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
    assert.ok(rows.length >= 9);
    for (const [rule = '', , passed, failed] of rows) {
      const { failed: wanted = -1, reached = -1 } = rules[rule] ?? {};
      assert.deepEqual([passed, failed], [numbers(reached - wanted), numbers(wanted)], rule);
    }
    await workbench.picture('quality');
    await page.getByRole('tab', { name: 'gold.sales_daily' }).click();
    await command('View: Move Editor into Group Below');
    await page.getByRole('tab', { name: /^orders/ }).click();
    await workbench.picture('workbench');
  });

  it('keeps the sandbox in a file, and brings it back', async () => {
    const { command, page, node, notification } = workbench;
    const file = join(folder, 'before.orders-snapshot.tar.gz');
    const dialog = page.locator('.quick-input-widget');
    const choose = async (title: string, button: string): Promise<void> => {
      // The dialog lists a folder of its own first, and takes back what was typed before that.
      await dialog.filter({ hasText: title }).locator('.monaco-list-row', { hasText: '..' }).waitFor();
      const input = dialog.locator('input');
      await until('the path', async () => {
        if ((await input.inputValue()) === file) return true;
        await input.fill(file);
        return false;
      });
      await dialog.getByRole('button', { name: button, exact: true }).click();
    };
    const held = (messages: number) => node('orders').filter({ hasText: `${numbers(messages)} messages` });
    await command('Orders Lakehouse: Take a Snapshot…');
    await choose('Take a Snapshot', 'OK');
    await notification(`The snapshot is ${file}`).waitFor({ timeout: START });
    const later = 50;
    await cliJson(home, 'produce', '--count', String(later));
    await held(LINES + later).waitFor();

    await command('Orders Lakehouse: Restore a Snapshot…');
    await choose('Restore a Snapshot', 'Restore');
    const question = page.getByRole('dialog', { name: 'Replace all data of the sandbox?' });
    // What comes back, and what is lost.
    await question.getByText(`topic orders: ${numbers(LINES)} messages`).waitFor();
    await question.getByText(`topic orders: ${numbers(LINES + later)} messages`).waitFor();
    await workbench.picture('restore');
    await question.getByRole('button', { name: 'Restore' }).click();
    await notification('The sandbox holds what the snapshot held.').waitFor({ timeout: START });
    await held(LINES).waitFor();
    const rows = await cliJson<{ rows: readonly (readonly unknown[])[] }>(
      home,
      'query',
      'SELECT count(*) FROM bronze.orders_raw',
    );
    assert.deepEqual(rows.rows.map(Object.values), [[String(LINES)]]);
  });

  it('speaks Portuguese to who speaks it', async () => {
    const portuguese = await openWorkbench(
      { vsix, locale: 'pt-br', env: { ORDERS_LAKEHOUSE_HOME: home } },
      workspace,
    );
    try {
      const { page, node, frame, command } = portuguese;
      await page.locator('.statusbar-item', { hasText: 'Orders: em execução' }).waitFor();
      await page.locator('.pane-header', { hasText: 'Tópicos' }).waitFor();
      await node('orders')
        .filter({ hasText: `${LINES.toLocaleString('pt-br')} mensagens` })
        .waitFor();
      await command('Orders Lakehouse: Abrir tópico');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'mensagens' }).click();
      await frame.locator('.facts', { hasText: `de ${LINES.toLocaleString('pt-br')} mensagens` }).waitFor();
      await frame.getByRole('button', { name: 'Pausar' }).waitFor();
      await frame.getByRole('columnheader', { name: 'Partição' }).waitFor();
      await portuguese.picture('mensagens');
    } catch (error) {
      await portuguese.picture('journey-failed');
      throw error;
    } finally {
      await portuguese.close();
    }
  });

  it('stops the sandbox', async () => {
    const { command, page } = workbench;
    await command('Orders Lakehouse: Stop Sandbox');
    await page.getByRole('button', { name: 'Start sandbox', exact: true }).waitFor({ timeout: 120_000 });
    const { state } = await cliJson<{ state: string }>(home, 'status');
    assert.equal(state, 'stopped');
  });
});
