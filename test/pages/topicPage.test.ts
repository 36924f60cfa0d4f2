import assert from 'node:assert/strict';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { UserError } from '../../src/core/errors.ts';
import type { MessageLine, TopicCalls, TopicView } from '../../src/wire/topic.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage, Refused, type OpenedPage } from './support/scriptedHost.ts';
import { PARTITIONS, scriptedTopic, type Draft, type ScriptedTopic } from './support/scriptedTopic.ts';

const START = Date.UTC(2026, 0, 1);
const COUNTRIES = ['Brazil', 'France', 'Österreich'];

/** One message a second. */
const valueOf = (serial: number) => ({
  transactionNo: String(100_000 + serial),
  price: `${serial % 90}.50`,
  customer: { country: COUNTRIES[serial % 3], vip: serial % 4 === 0 ? null : true },
});
const order = (serial: number): Draft => ({
  key: String(100_000 + serial),
  value: valueOf(serial),
  headers: [['origin', serial % 2 === 0 ? 'web' : 'shop']],
  at: START + serial * 1000,
});
const orders = (count: number, from = 0): Draft[] =>
  Array.from({ length: count }, (_, index) => order(from + index));
const serials = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const number = (value: number): string => value.toLocaleString('en');
const iso = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

const view: TopicView = {
  start: { from: 'beginning' },
  end: { until: 'forever' },
  filter: {},
  order: null,
  fields: [],
  widths: {},
};

describe('the message viewer', () => {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());
  afterEach(async () => {
    // What the page's policy refuses, and what it throws, is among them.
    const errors = opened?.errors ?? [];
    await opened?.page.close();
    opened = undefined;
    assert.deepEqual(errors, []);
  });

  type Options = Partial<Parameters<typeof openPage<TopicCalls>>[1]>;
  const open = async (topic: ScriptedTopic, more: Options = {}): Promise<OpenedPage> => {
    opened = await openPage<TopicCalls>(browser, {
      name: 'topicPage',
      title: 'orders',
      handlers: topic.handlers,
      ...more,
    });
    const { host } = opened;
    topic.tellBy(() => {
      host.notify('changed', null);
    });
    host.notify('changed', null);
    return opened;
  };
  const rowsOf = (page: Page): Locator => page.locator('.body .row:not(.waiting)');
  const facts = (page: Page, text: string): Promise<void> =>
    page.locator('.facts', { hasText: text }).waitFor();
  /** Texts of a column of the first rows, from the top. */
  const column = async (page: Page, at: number, count: number): Promise<string[]> => {
    const rows = await rowsOf(page).all();
    return Promise.all(
      rows.slice(0, count).map(async (row) => (await row.locator('.cell').nth(at).textContent()) ?? ''),
    );
  };
  const keys = (page: Page, count: number): Promise<string[]> => column(page, 3, count);
  const firstKey = (page: Page, key: string): Promise<void> =>
    page.locator('#r0c3', { hasText: new RegExp(`^${key}$`) }).waitFor();
  const addFilter = async (
    page: Page,
    kind: string,
    fill: (form: Locator) => Promise<void>,
  ): Promise<void> => {
    await page.getByRole('button', { name: 'Add filter' }).click();
    const form = page.getByRole('dialog', { name: 'Add filter' });
    await form.getByLabel('Filter by').selectOption(kind);
    await fill(form);
    await form.getByRole('button', { name: 'Add' }).click();
  };

  it('reads the newest 10,000, shows the newest first with its fields, and says so', async () => {
    const topic = scriptedTopic(orders(12_000));
    const { page } = await open(topic);
    await facts(page, '10,000 of 12,000 messages · 3 partitions · live');
    await firstKey(page, '111999');
    assert.deepEqual(await page.locator('#r0 .cell').allTextContents(), [
      iso(START + 11_999_000),
      String(11_999 % PARTITIONS),
      String(Math.floor(11_999 / PARTITIONS)),
      '111999',
      JSON.stringify(valueOf(11_999)),
    ]);
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '10001');
    assert.deepEqual(topic.reads, [
      {
        keep: 'all',
        start: { from: 'newest', count: 10_000 },
        end: { until: 'forever' },
        limits: { records: 1_000_000, bytes: 256 * 1024 * 1024 },
        filter: {},
      },
    ]);
  });

  it('reaches the oldest one by a key', async () => {
    const { page } = await open(scriptedTopic(orders(3000)));
    await facts(page, '3,000 of 3,000 messages');
    await firstKey(page, '102999');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.locator('#r2999c3', { hasText: '100000' }).waitFor();
  });

  it('follows the newest at the top, and stays where one reads', async () => {
    const topic = scriptedTopic(orders(300));
    const { page } = await open(topic);
    await firstKey(page, '100299');
    topic.send(...orders(2, 300));
    await firstKey(page, '100301');

    await page.locator('#r5').click();
    await page.locator('.detail').getByText('Partition 2, offset 98').first().waitFor();
    topic.send(...orders(3, 302));
    await page.getByRole('button', { name: '3 new messages' }).waitFor();
    assert.equal((await keys(page, 1))[0], '100301');
    await page.keyboard.press('Escape');

    topic.send(...orders(1, 305));
    const pill = page.getByRole('button', { name: '4 new messages' });
    await pill.click();
    await firstKey(page, '100305');
    await pill.waitFor({ state: 'hidden' });

    await page.locator('.grid').evaluate((grid) => {
      grid.scrollTop = 24 * 100;
    });
    await page.locator('#r110', { hasText: '100195' }).waitFor();
    topic.send(...orders(1, 306));
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    assert.equal(await page.locator('#r110c3').textContent(), '100195');
    await page.locator('.grid').evaluate((grid) => {
      grid.scrollTop = 0;
    });
    await firstKey(page, '100306');
  });

  it('pauses and goes on', async () => {
    const topic = scriptedTopic(orders(5));
    const { page } = await open(topic);
    await facts(page, 'live');
    await page.getByRole('button', { name: 'Pause' }).click();
    await facts(page, '5 of 5 messages · 3 partitions · paused');
    topic.send(...orders(1, 5));
    await page.getByRole('button', { name: 'Resume' }).click();
    await facts(page, '6 of 6 messages · 3 partitions · live');
    await firstKey(page, '100005');
  });

  it('says how far it has read', async () => {
    const topic = scriptedTopic(orders(2000));
    topic.allow(900);
    const { page } = await open(topic);
    await facts(page, '900 of 2,000 messages · 3 partitions · reading 45 %');
    topic.allow(Infinity);
    await facts(page, '2,000 of 2,000 messages · 3 partitions · live');
  });

  it('searches keys, values and headers; a bad expression keeps what was found', async () => {
    const topic = scriptedTopic(orders(2000));
    const { page } = await open(topic);
    await facts(page, '2,000 of 2,000');
    await page.keyboard.press('/');
    const search = page.getByRole('searchbox');
    await page.keyboard.type('österreich');
    const austrian = serials(2000).filter((serial) => serial % 3 === 2);
    await facts(page, `${number(austrian.length)} of 2,000 held match`);
    assert.deepEqual(
      await keys(page, 5),
      austrian
        .slice(-5)
        .reverse()
        .map((serial) => String(100_000 + serial)),
    );

    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByText('No message matches.').waitFor();
    await page.getByRole('button', { name: 'Match case' }).click();
    await facts(page, `${number(austrian.length)} of 2,000`);

    await page.keyboard.press('Control+f');
    await page.keyboard.type('10.*77');
    await page.getByLabel('Where to search').selectOption('key');
    await page.getByRole('button', { name: 'Use a regular expression' }).click();
    const matching = serials(2000).filter((serial) => /10.*77/.test(String(100_000 + serial)));
    await facts(page, `${matching.length} of 2,000 held match`);

    await search.fill('10(');
    await page.locator('.problem', { hasText: '"10(" is no regular expression.' }).waitFor();
    assert.equal(await search.getAttribute('aria-invalid'), 'true');
    assert.match((await page.locator('.facts').textContent()) ?? '', new RegExp(`^${matching.length} of`));
    await search.press('Escape');
    await facts(page, '2,000 of 2,000 messages');
    assert.equal(await search.getAttribute('aria-invalid'), 'false');

    await page.getByLabel('Where to search').selectOption('headers');
    await page.getByRole('button', { name: 'Use a regular expression' }).click();
    await search.fill('shop');
    await facts(page, '1,000 of 2,000 held match');
  });

  it('combines filters, each a chip that a key takes away', async () => {
    const topic = scriptedTopic(orders(2000));
    const { page } = await open(topic);
    await facts(page, '2,000 of 2,000');
    const expected = { field: 0, header: 0, partition: 0, time: 0 };
    for (const serial of serials(2000)) {
      if (!(Number(`${serial % 90}.50`) >= 80.5)) continue;
      expected.field++;
      if (serial % 2 !== 0) continue;
      expected.header++;
      if (serial % PARTITIONS === 1) continue;
      expected.partition++;
      if (serial < 600 || serial >= 1200) continue;
      expected.time++;
    }
    await addFilter(page, 'field', async (form) => {
      await form.getByRole('button', { name: 'Add' }).click();
      await form.getByText('The name of a field is needed.').waitFor();
      await form.getByLabel('Field', { exact: true }).fill('price');
      await form.getByLabel('Condition').selectOption('>=');
      await form.getByLabel('Value').fill('80.5');
    });
    await facts(page, `${expected.field} of 2,000 held match`);
    await addFilter(page, 'header', async (form) => {
      await form.getByLabel('Header', { exact: true }).fill('origin');
      await form.getByLabel('Value').fill('web');
    });
    await facts(page, `${expected.header} of 2,000 held match`);
    await addFilter(page, 'partition', async (form) => {
      await form.getByLabel('0', { exact: true }).check();
      await form.getByLabel('2', { exact: true }).check();
    });
    await facts(page, `${expected.partition} of 2,000 held match`);
    await addFilter(page, 'time', async (form) => {
      await form.getByLabel('From (UTC)').fill('2026-01-01T00:10:00');
      await form.getByLabel('Before (UTC)').fill('2026-01-01T00:20:00');
    });
    await facts(page, `${expected.time} of 2,000 held match`);
    assert.deepEqual(await page.locator('.chip > span').allTextContents(), [
      'price ≥ 80.5',
      'header origin = web',
      'partitions 0, 2',
      '2026-01-01 00:10:00 to 2026-01-01 00:20:00 UTC',
    ]);

    await page.getByRole('button', { name: 'Remove the filter 2026-01-01' }).focus();
    await page.keyboard.press('Delete');
    await facts(page, `${expected.partition} of 2,000 held match`);
    await page.keyboard.press('Backspace');
    await facts(page, `${expected.header} of 2,000 held match`);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await facts(page, '2,000 of 2,000 messages');
    assert.equal(await page.locator('.chips').isVisible(), false);
  });

  it('keeps the form open when an expression in it is refused', async () => {
    const { page } = await open(scriptedTopic(orders(10)));
    await facts(page, '10 of 10');
    await addFilter(page, 'field', async (form) => {
      await form.getByLabel('Field', { exact: true }).fill('price');
      await form.getByLabel('Condition').selectOption('matches');
      await form.getByLabel('Value').fill('[');
    });
    await page.getByRole('dialog').getByText('"[" is no regular expression.').waitFor();
    assert.equal(await page.locator('.chip').count(), 0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Add filter');
  });

  it('finds tombstones and what could not be decoded, and says why', async () => {
    const topic = scriptedTopic([
      ...orders(4),
      { key: 'gone', value: null, at: START + 4000 },
      { key: 'broken', value: 'not json at all', at: START + 5000 },
    ]);
    const { page } = await open(topic);
    await firstKey(page, 'broken');
    assert.equal(await page.locator('.cell.bad').textContent(), '⚠ the body is not JSON');
    await addFilter(page, 'tombstones', () => Promise.resolve());
    await facts(page, '1 of 6 held match');
    assert.deepEqual(await page.locator('#r0 .cell').allTextContents(), [
      iso(START + 4000),
      '1',
      '1',
      'gone',
      'NULL',
    ]);
    await page.locator('#r0').click();
    await page.getByText('Value: none, this is a tombstone').waitFor();
    await page.getByRole('button', { name: 'Remove the filter tombstones only' }).click();
    await addFilter(page, 'problems', () => Promise.resolve());
    await firstKey(page, 'broken');
    await page.locator('#r0').click();
    const detail = page.locator('.detail');
    await detail.locator('.error', { hasText: 'the body is not JSON' }).waitFor();
    await detail.locator('.hint', { hasText: 'Let the producer use the serializer.' }).waitFor();
    assert.match(
      (await detail.locator('.dump').textContent()) ?? '',
      /^00000000 {2}6e 6f 74 20 .* {2}not json at all$/,
    );
  });

  it('shows a message whole, by keys, copies it, and gives the focus back', async () => {
    const topic = scriptedTopic([
      ...orders(3),
      {
        key: 'k',
        value: { transactionNo: '1', quantity: 3, price: '12.50' },
        headers: [
          ['trace', 'one'],
          ['trace', 'two'],
          ['empty', null],
        ],
        at: START + 60_000,
      },
    ]);
    const { page } = await open(topic);
    await firstKey(page, 'k');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const detail = page.locator('.detail');
    await detail.getByRole('heading', { name: 'Partition 0, offset 1' }).waitFor();
    assert.deepEqual(await detail.locator('dt').allTextContents(), [
      'Time (UTC)',
      'Key',
      'Schema id',
      'Schema',
      'Newest version',
      'Header trace',
      'Header trace',
      'Header empty',
    ]);
    assert.deepEqual(await detail.locator('dd').allTextContents(), [
      '2026-01-01T00:01:00.000Z',
      'k',
      '7',
      'orders-value, version 3 · AVRO',
      'orders-value, version 4',
      'one',
      'two',
      'NULL',
    ]);
    const forms = detail.getByRole('table', { name: 'Stored in another form' });
    assert.deepEqual(await forms.locator('td').allTextContents(), [
      'price',
      'decimal(10,2)',
      '12.50',
      '0x04e2 (1250)',
    ]);
    await detail.getByText('Schema it was written with (id 7)').click();
    await detail.locator('details pre', { hasText: '"record"' }).first().waitFor();
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await detail.getByRole('heading', { name: 'Partition 2, offset 0' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await detail.getByRole('heading', { name: 'Partition 0, offset 1' }).waitFor();
    await detail.getByRole('button', { name: 'Copy all' }).click();
    await until('the whole message', () => topic.copied.length === 1);
    assert.deepEqual(JSON.parse(topic.copied[0] ?? ''), {
      partition: 0,
      offset: '1',
      timestamp: '2026-01-01T00:01:00.000Z',
      key: 'k',
      value: { transactionNo: '1', quantity: 3, price: '12.50' },
      headers: [
        { name: 'trace', value: 'one' },
        { name: 'trace', value: 'two' },
        { name: 'empty', value: null },
      ],
      schemaId: 7,
    });
    await detail.getByRole('button', { name: 'Copy', exact: true }).click();
    await detail.getByRole('button', { name: 'Close detail' }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    await page.keyboard.press('Control+c');
    await until('two more copies', () => topic.copied.length === 3);
    assert.deepEqual(topic.copied.slice(1), [
      JSON.stringify({ transactionNo: '1', quantity: 3, price: '12.50' }, null, 2),
      '2026-01-01 00:01:00.000\t0\t1\tk\t"{""transactionNo"":""1"",""quantity"":3,""price"":""12.50""}"',
    ]);
  });

  it('sorts by a header: up, down, and the newest first again; by keys too', async () => {
    const topic = scriptedTopic([...orders(50, 51), ...orders(51)]);
    const { page } = await open(topic);
    await firstKey(page, '100050');
    const header = page.getByRole('columnheader', { name: 'Key' });
    for (const [state, key] of [
      ['ascending', '100000'],
      ['descending', '100100'],
      ['none', '100050'],
    ] as const) {
      await header.click();
      await page.locator(`[aria-sort="${state}"]`, { hasText: 'Key' }).waitFor();
      await firstKey(page, key);
    }
    await page.locator('.grid').focus();
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', 'Enter']) {
      await page.keyboard.press(key);
    }
    await firstKey(page, '100100');
  });

  it('shows fields as columns, sorts by them as numbers, and keeps the order through a filter', async () => {
    const topic = scriptedTopic(orders(200));
    const { page } = await open(topic);
    await facts(page, '200 of 200');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('price', { exact: true }).check();
    await page.getByRole('checkbox', { name: 'header origin' }).check();
    await page.getByRole('button', { name: 'Move header origin up' }).click();
    await page.keyboard.press('Escape');
    const price = page.getByRole('columnheader', { name: 'price' });
    const titles = ['Time (UTC)', 'Partition', 'Offset', 'Key', 'origin', 'price', 'Value'];
    await until(
      'the columns',
      async () =>
        (await page.locator('.head .title').allTextContents()).join() === titles.join() || undefined,
    );
    assert.deepEqual(await column(page, 4, 2), ['shop', 'web']);
    await price.click();
    await page.locator('#r0c5', { hasText: /^0\.50$/ }).waitFor();
    const sorted = serials(200).map((serial) => serial % 90);
    sorted.sort((one, other) => one - other);
    assert.deepEqual(
      await column(page, 5, 15),
      sorted.slice(0, 15).map((whole) => `${whole}.50`),
    );
    topic.send(...orders(1, 200));
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    await page.getByRole('searchbox').fill('brazil');
    const brazilian = serials(201).filter((serial) => serial % 3 === 0);
    await facts(page, `${brazilian.length} of 201 held match`);
    const found = brazilian.map((serial) => serial % 90).sort((one, other) => one - other);
    await until(
      'the order of the matches',
      async () =>
        JSON.stringify(await column(page, 5, 10)) ===
        JSON.stringify(found.slice(0, 10).map((one) => `${one}.50`)),
    );
  });

  it('goes on while it sorts, and lets go of an order for another', async () => {
    const topic = scriptedTopic(orders(300));
    const asked: string[] = [];
    let release: () => void = () => undefined;
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        sort: async (order, signal) => {
          const name = JSON.stringify(order?.by);
          asked.push(`${name} asked`);
          signal.addEventListener('abort', () => asked.push(`${name} given up`));
          if (order?.by === 'timestamp') await new Promise<void>((resolve) => (release = resolve));
          return topic.handlers.sort(order, signal);
        },
      },
    });
    await firstKey(page, '100299');
    await page.getByRole('columnheader', { name: 'Time (UTC)' }).click();
    await facts(page, 'sorting');
    assert.equal(await page.locator('.grid').getAttribute('aria-busy'), 'true');
    topic.send(...orders(2, 300));
    await facts(page, '302 of 302 messages · 3 partitions · live · sorting');
    await firstKey(page, '100301');
    await page.getByRole('columnheader', { name: 'Key' }).click();
    await firstKey(page, '100000');
    release();
    await page.locator('.grid:not([aria-busy])').waitFor();
    assert.deepEqual(asked, ['"timestamp" asked', '"timestamp" given up', '"key" asked']);
    assert.deepEqual(await keys(page, 2), ['100000', '100001']);
  });

  /** What the keyboard is on: the text of a button, or what the node is. */
  const focus = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const on = document.activeElement;
      if (on === null || on === document.body) return 'nothing';
      return on instanceof HTMLButtonElement ? on.textContent : (on.getAttribute('role') ?? on.className);
    });
  const press = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).first().focus();
    await page.keyboard.press('Enter');
  };

  it('makes a field of the message shown a column, and a filter, by keys', async () => {
    const topic = scriptedTopic(orders(90));
    const { page } = await open(topic);
    await firstKey(page, '100089');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const names = page.locator('.detail pre').first().getByRole('button');
    await names.first().waitFor();
    assert.deepEqual(await names.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), [
      'transactionNo',
      'price',
      'customer',
      'customer.country',
      'customer.vip',
    ]);
    await names.first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'customer.country' });
    assert.deepEqual(await menu.getByRole('menuitem').allTextContents(), [
      'Show as a column',
      'Filter by this value',
      'Filter by any other value',
    ]);
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'customer.country' }).waitFor();
    assert.equal(await page.locator('#r0c4').textContent(), COUNTRIES[89 % 3]);
    // The detail stays, and the keyboard where it was.
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'customer.country',
    );
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await facts(page, '30 of 90 held match');
    assert.deepEqual(await page.locator('.chip > span').allTextContents(), [
      `customer.country = ${COUNTRIES[89 % 3]}`,
    ]);
    await page.locator('.detail').waitFor({ state: 'hidden' });
    assert.equal(await focus(page), 'grid');

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.detail').getByRole('button', { name: 'Header origin' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Filter by any other value' }).press('Enter');
    await facts(page, '15 of 90 held match');
    await page.locator('.grid').press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.detail').getByRole('button', { name: 'Key' }).press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await focus(page), 'Key');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Filter by this value' }).press('Enter');
    await facts(page, '1 of 90 held match');
    assert.equal(await page.locator('.chip').count(), 3);

    await page.locator('#r0').click();
    await page.locator('.detail pre').first().getByRole('button', { name: 'customer.country' }).click();
    await page.getByRole('menuitem', { name: 'Hide this column' }).click();
    await page.getByRole('columnheader', { name: 'customer.country' }).waitFor({ state: 'detached' });
    await until('the view', () => topic.kept.at(-1)?.fields.length === 0);
  });

  it('makes no column of what a path does not name', async () => {
    const odd = {
      a: [{ 'x.y': 1, deep: { 1: 2 }, name: 'in a list' }],
      'dot.ted': 'at the top',
      text: '{"no": 1}',
    };
    const { page } = await open(scriptedTopic([{ value: odd, at: START }]));
    await page.locator('#r0').click();
    const names = page.locator('.detail pre').first().getByRole('button');
    await names.first().waitFor();
    assert.deepEqual(await names.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), [
      'a',
      'a.deep',
      'a.name',
      'dot.ted',
      'text',
    ]);
    await names.nth(1).click();
    // An object is compared with nothing.
    assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['Show as a column']);
    await page.keyboard.press('Escape');
    for (const [at, text] of [
      [2, 'in a list'],
      [3, 'at the top'],
    ] as const) {
      await names.nth(at).click();
      await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
      await page.locator('.chip', { hasText: `= ${text}` }).waitFor();
      await facts(page, '1 of 1 held match');
      await page.locator('#r0').click();
      await names.first().waitFor();
    }
  });

  it('does with messages what their buttons say: one, those chosen, and all that are shown', async () => {
    const topic = scriptedTopic(orders(9));
    const { page } = await open(topic);
    await firstKey(page, '100008');
    await page.locator('#r1').click();
    const detail = page.locator('.detail');
    await detail.getByRole('button', { name: 'Copy as a command' }).click();
    await page.locator('.told', { hasText: 'The command is copied.' }).waitFor();
    await detail.getByRole('button', { name: 'Use as a template' }).click();
    await detail.getByRole('button', { name: 'Send again…' }).click();
    await page.locator('.grid').focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    const chosen = page.locator('.line-of', { hasText: '3 messages chosen' });
    await chosen.getByRole('button', { name: 'Use as a template' }).press('Enter');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowUp');
    await chosen.waitFor({ state: 'hidden' });
    await page.getByRole('columnheader', { name: 'Key' }).click();
    await firstKey(page, '100000');
    await page.locator('.toolbar').getByRole('button', { name: 'Send again…' }).click();
    await until('all of them', () => topic.uses.length === 5);
    assert.deepEqual(topic.uses, [
      'copyCommand 100007',
      'asDocument 100007',
      'replay 100007',
      'asDocument 100007 100006 100005',
      `replay ${serials(9)
        .map((serial) => 100_000 + serial)
        .join(' ')}`,
    ]);
  });

  it('tells why messages could not be used', async () => {
    const topic = scriptedTopic(orders(3));
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        replay: () => {
          throw new Refused({ code: 'broker-unreachable', message: 'Kafka does not answer.' });
        },
      },
    });
    await firstKey(page, '100002');
    await page.locator('.toolbar').getByRole('button', { name: 'Send again…' }).click();
    await page.locator('.warning', { hasText: 'Kafka does not answer.' }).waitFor();
    assert.equal((await keys(page, 1))[0], '100002');
  });

  it('leaves the keyboard on a neighbour of what goes away', async () => {
    const topic = scriptedTopic(orders(12_000));
    const { page } = await open(topic);
    await facts(page, '10,000 of 12,000');
    await press(page, 'Pause');
    await facts(page, 'paused');
    assert.equal(await focus(page), 'Resume');
    await page.keyboard.press('Enter');
    await facts(page, 'live');
    assert.equal(await focus(page), 'Pause');
    await press(page, 'Export…');
    await until('the export', () => topic.exports.length === 1);
    assert.equal(await focus(page), 'Export…');

    const found = serials(12_000).filter(
      (serial) => serial >= 2000 && String(100_000 + serial).includes('1033'),
    );
    await page.getByRole('searchbox').fill('1033');
    await facts(page, `${found.length} of 10,000 held match`);
    topic.allow(3000);
    await press(page, 'Search the whole topic');
    await page.getByText('Searching the whole topic: 25 %').waitFor();
    assert.equal(await focus(page), 'Stop');
    topic.allow(Infinity);
    await facts(page, 'ended');
    assert.equal(await focus(page), 'Back to the newest');
    await page.keyboard.press('Enter');
    await facts(page, `${found.length} of 10,000 held match`);
    assert.equal(await focus(page), 'Search the whole topic');

    await page.getByRole('searchbox').fill('nowhere');
    await page.getByText('No message matches.').waitFor();
    topic.allow(0);
    await page.locator('.notice').getByRole('button', { name: 'Search the whole topic' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Searching orders…').waitFor();
    assert.equal(await focus(page), 'status');
    topic.allow(Infinity);
    await page.getByText('No message of orders matches.').waitFor();
    await page.locator('.notice').getByRole('button', { name: 'Back to the newest' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('No message matches.').waitFor();
    assert.notEqual(await focus(page), 'nothing');
    await page.locator('.notice').getByRole('button', { name: 'Clear the filter' }).focus();
    await page.keyboard.press('Enter');
    await facts(page, '10,000 of 12,000 messages');
    assert.equal(await focus(page), 'Add filter');
  });

  it('leaves the keyboard on a neighbour of a chip, of the pill, and of a failure', async () => {
    const filtered = { partitions: [0, 1], tombstones: 'without', time: { from: START } } as const;
    const topic = scriptedTopic(orders(300), { ...view, filter: filtered });
    const { page } = await open(topic);
    await facts(page, '200 of 300 held match');
    await page.getByRole('button', { name: 'Remove the filter partitions 0, 1' }).focus();
    await page.keyboard.press('Enter');
    await facts(page, '300 of 300 held match');
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Remove the filter from 2026-01-01 00:00:00 UTC',
    );
    await press(page, 'Clear all');
    await facts(page, '300 of 300 messages');
    assert.equal(await focus(page), 'Add filter');

    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    topic.send(...orders(2, 300));
    await page.getByRole('button', { name: '2 new messages' }).focus();
    await page.keyboard.press('Enter');
    await firstKey(page, '100301');
    assert.equal(await focus(page), 'grid');

    await page.keyboard.press('ArrowDown');
    topic.refuse(new UserError('unknown-topic', 'There is no topic orders.'));
    await page.getByText('There is no topic orders.').waitFor();
    assert.equal(await focus(page), 'status');
    topic.refuse(undefined);
    await press(page, 'Try again');
    await firstKey(page, '100301');
    assert.equal(await focus(page), 'grid');
  });

  it('takes a time from the histogram, and lets it go', async () => {
    const topic = scriptedTopic(orders(3000));
    const { page } = await open(topic);
    const image = page.getByRole('img', { name: /^Messages from 2026-01-01 00:00:00 to .* UTC: 3,000/ });
    await image.waitFor();
    const box = await image.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.25, box.y + 10);
    await page.locator('.tip', { hasText: 'messages' }).waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 12, { steps: 3 });
    await page.mouse.up();
    const chip = page.locator('.chip > span');
    await chip.waitFor();
    const [, from = '', to = ''] = /^(.*) to (.*) UTC$/.exec((await chip.textContent()) ?? '') ?? [];
    const between = serials(3000).filter((serial) => {
      const time = START + serial * 1000;
      return time >= Date.parse(`${from}Z`) && time < Date.parse(`${to}Z`);
    });
    assert.ok(between.length > 600 && between.length < 900, String(between.length));
    await facts(page, `${between.length} of 3,000 held match`);
    await page.getByRole('img', { name: new RegExp(`of which ${between.length} match$`) }).waitFor();
    await page.mouse.dblclick(box.x + 10, box.y + 10);
    await facts(page, '3,000 of 3,000 messages');
  });

  it('reads the range that is asked for, and says what is wrong with one', async () => {
    const topic = scriptedTopic(orders(3000));
    const { page } = await open(topic);
    await facts(page, '3,000 of 3,000');
    const from = page.getByLabel('From', { exact: true });
    await from.selectOption('offset');
    const offset = page.getByLabel('From this offset');
    await offset.fill('two');
    await offset.press('Enter');
    await page.getByText('An offset is a whole number, as in 1200.').waitFor();
    await offset.fill('200');
    await page.getByLabel('Until', { exact: true }).selectOption('offset');
    await page.getByLabel('Until this offset').fill('100');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByText('The end is not after the start.').waitFor();
    await page.getByLabel('Until this offset').fill('300');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await facts(page, '300 of 3,000 messages · 3 partitions · ended');
    await firstKey(page, '100899');

    await from.selectOption('time');
    await page.getByLabel('From this time (UTC)').fill('2026-01-01T00:40:00');
    await page.getByLabel('Until', { exact: true }).selectOption('forever');
    await page.getByLabel('Hold up to').selectOption('10000');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await facts(page, '600 of 3,000 messages · 3 partitions · live');
    assert.deepEqual(topic.reads.at(-1), {
      keep: 'all',
      start: { from: 'time', timestampMs: START + 2_400_000 },
      end: { until: 'forever' },
      limits: { records: 10_000, bytes: 256 * 1024 * 1024 },
      filter: {},
    });
  });

  it('searches the whole topic for what is not held, and comes back', async () => {
    const topic = scriptedTopic(orders(12_000));
    const { page } = await open(topic);
    await facts(page, '10,000 of 12,000');
    assert.equal(await page.getByRole('button', { name: 'Search the whole topic' }).isDisabled(), true);
    await page.getByRole('searchbox').fill('100777');
    await page.getByText('No message matches.').waitFor();
    topic.allow(3000);
    await page.getByRole('button', { name: 'Search the whole topic' }).last().click();
    await page.getByText('Searching the whole topic: 25 %').waitFor();
    await firstKey(page, '100777');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    topic.allow(Infinity);
    await facts(page, '1 found · ended');
    await page.getByRole('button', { name: 'Back to the newest' }).click();
    await page.getByRole('searchbox').fill('');
    await facts(page, '10,000 of 12,000 messages');
  });

  it('opens as it was left, and keeps what is changed', async () => {
    const topic = scriptedTopic(orders(300), {
      ...view,
      filter: {
        conditions: [{ field: { of: 'value', path: 'customer.country' }, operator: '=', value: 'France' }],
      },
      order: { by: 'timestamp', descending: false },
      fields: [{ of: 'value', path: 'customer.country' }],
      widths: { key: 222 },
      records: 10_000,
    });
    const { page } = await open(topic);
    await facts(page, '100 of 300 held match');
    await firstKey(page, '100001');
    assert.equal(await page.locator('#r0c4').textContent(), 'France');
    const key = page.getByRole('columnheader', { name: 'Key' });
    assert.equal((await key.boundingBox())?.width, 222);
    assert.equal(await page.getByLabel('From', { exact: true }).inputValue(), 'beginning');
    assert.deepEqual(topic.reads[0]?.start, { from: 'beginning' });
    assert.equal(topic.reads[0].limits.records, 10_000);

    const edge = await key.locator('.edge').boundingBox();
    assert.ok(edge);
    await page.mouse.move(edge.x + 3, edge.y + 3);
    await page.mouse.down();
    await page.mouse.move(edge.x + 53, edge.y + 3);
    await page.mouse.up();
    await until('the width', () => topic.kept.at(-1)?.widths['key'] === 272);
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await until(
      'the order',
      () => JSON.stringify(topic.kept.at(-1)?.order) === '{"by":"key","descending":false}',
    );
    assert.deepEqual(topic.kept.at(-1), {
      ...view,
      records: 10_000,
      filter: {
        conditions: [{ field: { of: 'value', path: 'customer.country' }, operator: '=', value: 'France' }],
      },
      order: { by: 'key', descending: false },
      fields: [{ of: 'value', path: 'customer.country' }],
      widths: { key: 262 },
    });
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Export…' }).click();
    await until('link and export', () => topic.links.length === 1 && topic.exports.length === 1);
    assert.deepEqual(topic.links[0], topic.kept.at(-1));
    assert.deepEqual(topic.exports, [{ fields: [{ of: 'value', path: 'customer.country' }] }]);
  });

  it('says that a topic is empty, offers to fill it, and shows what comes', async () => {
    const topic = scriptedTopic([]);
    const { page } = await open(topic);
    await page.getByText('No messages in orders yet.').waitFor();
    await page.getByRole('button', { name: 'Import a CSV file' }).click();
    await page.getByRole('button', { name: 'Produce orders' }).click();
    await until('the commands', () => topic.commands.length === 2);
    assert.deepEqual(topic.commands, ['ordersLakehouse.importCsv', 'ordersLakehouse.produce']);
    topic.send(order(0));
    await firstKey(page, '100000');
  });

  it('keeps what can be done with a message inside its pane, below its title', async () => {
    const { page } = await open(scriptedTopic(orders(10)), { viewport: { width: 920, height: 700 } });
    await page.locator('#r0').click();
    const box = async (where: string) => {
      const found = await page.locator(where).first().boundingBox();
      assert.ok(found, where);
      return found;
    };
    await page.locator('.detail .actions').waitFor();
    const [pane, title, actions] = [
      await box('.detail'),
      await box('.detail header'),
      await box('.detail .actions'),
    ];
    assert.ok(
      actions.x >= pane.x && actions.x + actions.width <= pane.x + pane.width + 0.5,
      JSON.stringify([pane, actions]),
    );
    assert.ok(actions.y >= title.y + title.height - 0.5, JSON.stringify([title, actions]));
  });

  it('says whose topic it is, and offers no orders of the sandbox for it', async () => {
    const badge = { name: 'Production', colour: 'red', readOnly: true } as const;
    const { page, errors } = await open(scriptedTopic([], null, badge));
    await page.getByText('No messages in orders yet.').waitFor();
    assert.equal(await page.locator('.badge').textContent(), 'Productionread-only');
    assert.equal(
      await page.locator('.badge').evaluate((one) => getComputedStyle(one).borderLeftColor),
      'rgb(241, 76, 76)',
    );
    assert.equal(await page.locator('.notice').getByRole('button').count(), 0);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.deepEqual(errors, []);
  });

  it('waits for new ones when only those are asked for', async () => {
    const topic = scriptedTopic(orders(10), { ...view, start: { from: 'end' } });
    const { page } = await open(topic);
    await page.getByText('Waiting for new messages…').waitFor();
    topic.send(...orders(1, 10));
    await firstKey(page, '100010');
    await facts(page, '1 of 11 messages');
  });

  it('offers to clear a filter that hides all', async () => {
    const { page } = await open(scriptedTopic(orders(10)));
    await facts(page, '10 of 10');
    await page.getByRole('searchbox').fill('nowhere');
    await page.getByText('No message matches.').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await firstKey(page, '100009');
    assert.equal(await page.getByRole('searchbox').inputValue(), '');
  });

  it('tells why it cannot read, offers the remedy, and recovers when the host says so', async () => {
    const topic = scriptedTopic(orders(5));
    let stopped = true;
    const { page, host } = await open(topic, {
      handlers: {
        ...topic.handlers,
        opened: (params, signal) => {
          if (!stopped) return topic.handlers.opened(params, signal);
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
    await until('the command', () => topic.commands.length > 0);
    stopped = false;
    host.notify('changed', null);
    await firstKey(page, '100004');
    assert.deepEqual(topic.commands, ['ordersLakehouse.start']);
  });

  it('goes on by itself when the broker comes back, and keeps what it has', async () => {
    const topic = scriptedTopic(orders(5));
    const { page } = await open(topic);
    await firstKey(page, '100004');
    topic.refuse(new UserError('broker-unreachable', 'Kafka does not answer.'));
    await page.getByText('Kafka does not answer. It is tried again until it works.').waitFor();
    assert.equal((await keys(page, 1))[0], '100004');
    topic.refuse(undefined);
    topic.send(...orders(1, 5));
    await firstKey(page, '100005');
    await page.locator('.warning').waitFor({ state: 'hidden' });
  });

  it('goes on without an expression that took too long, and says so', async () => {
    const topic = scriptedTopic(orders(9));
    const kept = { texts: [{ pattern: '10000', place: 'key', regex: false, matchCase: false }] } as const;
    let slow = false;
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        // As the host does: the thread is ended, and what is left of the filter is in the view.
        filter: (filter, signal) => {
          slow = filter.conditions !== undefined;
          return topic.handlers.filter(filter, signal);
        },
        state: (params, signal) => {
          if (!slow) return topic.handlers.state(params, signal);
          slow = false;
          throw new Refused({
            code: 'filter-stuck',
            message: 'The filter takes too long: it was taken away.',
            hint: 'Try another expression.',
          });
        },
        opened: async (params, signal) => ({
          ...(await topic.handlers.opened(params, signal)),
          view: topic.reads.length === 0 ? null : { ...view, filter: kept },
        }),
      },
    });
    await firstKey(page, '100008');
    await page.getByRole('searchbox').fill('10000');
    await facts(page, '9 of 9 held match');
    await addFilter(page, 'field', async (form) => {
      await form.getByLabel('Field', { exact: true }).fill('price');
      await form.getByLabel('Condition').selectOption('matches');
      await form.getByLabel('Value').fill('^(a+)+$');
    });
    await page
      .locator('.warning', {
        hasText: 'The filter takes too long: it was taken away. Try another expression.',
      })
      .waitFor();
    await firstKey(page, '100008');
    assert.equal(await page.locator('.chip').count(), 0);
    assert.equal(await page.getByRole('searchbox').inputValue(), '10000');
    assert.deepEqual(topic.reads.at(-1)?.filter, kept);
  });

  it('tells what ended the reading, and reads again when asked', async () => {
    const topic = scriptedTopic(orders(5));
    topic.refuse(new UserError('unknown-topic', 'There is no topic orders.'));
    const { page } = await open(topic);
    await page.getByText('There is no topic orders.').waitFor();
    topic.refuse(undefined);
    await page.getByRole('button', { name: 'Try again' }).click();
    await firstKey(page, '100004');
  });

  it('says when a message that is opened is no longer held', async () => {
    const topic = scriptedTopic(orders(5));
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        message: () => {
          throw new Refused({ code: 'not-held', message: 'This message is no longer held.' });
        },
      },
    });
    await firstKey(page, '100004');
    await page.locator('#r0').click();
    await page.locator('.detail .error', { hasText: 'This message is no longer held.' }).waitFor();
    assert.equal((await keys(page, 1))[0], '100004');
  });

  it('keeps few nodes at 1,000,000 rows, and reaches the last', async () => {
    const topic = scriptedTopic(orders(1));
    const total = 1_000_000;
    let asked = 0;
    const line = (row: number): MessageLine => ({
      record: total - 1 - row,
      partition: 0,
      offset: String(total - 1 - row),
      timestamp: '2026-01-01T00:00:00.000Z',
      key: `key ${total - 1 - row}`,
      preview: '{}',
      cells: [],
    });
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        state: async (params, signal) => ({
          ...(await topic.handlers.state(params, signal)),
          end: total,
          matches: total,
          looked: total,
        }),
        rows: ({ from, count }) => {
          asked++;
          return {
            lines: Array.from({ length: Math.min(count, total - from) }, (_, at) => line(from + at)),
            count: total,
          };
        },
      },
    });
    await firstKey(page, 'key 999999');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.locator('#r999999c3', { hasText: /^key 0$/ }).waitFor();
    assert.ok((await page.locator('.body .row').count()) < 60);
    // Of the 5,000 pages that one passes by, only those in sight at some moment are loaded.
    await page.locator('.grid').evaluate(async (grid) => {
      for (let step = 1; step <= 100; step++) {
        grid.scrollTop = grid.scrollHeight * (1 - step / 100);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    await firstKey(page, 'key 999999');
    assert.ok(asked < 250, String(asked));
    assert.ok((await page.locator('.body .row').count()) < 60);
  });

  it('says how many older ones were let go', async () => {
    const topic = scriptedTopic(orders(1));
    const { page } = await open(topic, {
      handlers: {
        ...topic.handlers,
        state: async (params, signal) => {
          const state = await topic.handlers.state(params, signal);
          return { ...state, first: 32_768, end: 32_768 + state.end };
        },
      },
    });
    await page.getByText('32,768 older ones were let go').waitFor();
    await facts(page, '1 of 1 messages');
  });

  it('fits into 700 pixels', async () => {
    const topic = scriptedTopic(orders(300), { ...view, filter: { partitions: [0, 1] } });
    const { page } = await open(topic, { viewport: { width: 700, height: 500 } });
    await facts(page, '200 of 300 held match');
    assert.deepEqual(
      await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ]),
      [700, 500],
    );
    const cut = await page
      .locator('button:visible')
      .evaluateAll((buttons) =>
        buttons.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent),
      );
    assert.deepEqual(cut, []);
  });

  it('speaks Portuguese', async () => {
    const { page } = await open(scriptedTopic(orders(1500)), { locale: 'pt-br' });
    await page.locator('.facts', { hasText: '1.500 de 1.500 mensagens · 3 partições · ao vivo' }).waitFor();
    await page.getByRole('button', { name: 'Pausar' }).waitFor();
    await page.getByPlaceholder('Pesquisar chaves, valores e cabeçalhos').fill('brazil');
    await page.locator('.facts', { hasText: '500 de 1.500 mantidas correspondem' }).waitFor();
    await page.getByRole('button', { name: 'Adicionar filtro' }).click();
    await page.getByRole('dialog', { name: 'Adicionar filtro' }).waitFor();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}, with a message and each form open`, async () => {
      const topic = scriptedTopic([...orders(50), { key: 'broken', value: 'no', at: START + 60_000 }], {
        ...view,
        filter: { partitions: [0, 1, 2] },
      });
      const { page } = await open(topic, { theme });
      await page.getByRole('img').waitFor();
      await page.locator('#r0').click();
      await page.locator('.detail pre').first().waitFor();
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByLabel('price', { exact: true }).check();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add filter' }).click();
      for (const kind of ['partition', 'time']) {
        await page.getByLabel('Filter by').selectOption(kind);
        await page.getByRole('button', { name: 'Add', exact: true }).focus();
        assert.deepEqual(await accessibilityViolations(page), []);
      }
    });
  }
});
