import assert from 'node:assert/strict';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { ProduceCalls } from '../../src/wire/produce.ts';
import { launchOptions } from '../support/browser.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { PAYMENT } from './support/payment.ts';
import { producing, type Producing } from './support/producing.ts';
import { openPage, Refused, type OpenedPage } from './support/scriptedHost.ts';

const PAYMENTS = { 'payments-value': { type: 'AVRO', schema: PAYMENT } } as const;

/** Messages of the form as the viewer shows them: each was encoded by the topic's schema and decoded again. */
describe('the message form of the produce page', () => {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.page.close();
    opened = undefined;
    assert.deepEqual(errors, []);
  });

  type Options = Partial<Parameters<typeof openPage<ProduceCalls>>[1]>;
  const show = async (at: Producing, more: Options = {}): Promise<Page> => {
    opened = await openPage<ProduceCalls>(browser, {
      name: 'producePage',
      title: 'Produce',
      handlers: at.handlers,
      ...more,
    });
    await opened.page.locator('form.message').waitFor({ state: 'attached' });
    return opened.page;
  };
  const open = async (
    options: Parameters<typeof producing>[0] = {},
    more: Options = {},
  ): Promise<{ readonly page: Page; readonly at: Producing }> => {
    const at = producing({ topic: 'payments', subjects: PAYMENTS, ...options });
    return { page: await show(at, more), at };
  };
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
  const group = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const problemOf = async (page: Page, name: string): Promise<string> => {
    const ids = ((await field(page, name).getAttribute('aria-describedby')) ?? '').split(' ');
    const texts = await Promise.all(ids.map((id) => page.locator(`#${id}.problem`).allTextContents()));
    return texts.flat().join('');
  };
  const values = (at: Producing): unknown[] => at.messages.map(({ value }) => value);

  it('sends every kind of field as it is written, and shows where it is', async () => {
    const { page, at } = await open();
    await field(page, 'id').fill('9007199254740993');
    await field(page, 'amount').fill('12.50');
    await field(page, 'count').fill('-3');
    await field(page, 'rate').fill('1e-3');
    await field(page, 'paid').check();
    await field(page, 'day').fill('2024-02-29');
    await field(page, 'at').fill('2024-02-29T23:59:58.125');
    await field(page, 'way').selectOption('CASH');
    await field(page, 'note: null').uncheck();
    await field(page, 'note').fill('for Zoë');
    await field(page, 'Kind of origin').selectOption('shop.Address');
    await group(page, 'origin').getByLabel('street').fill('One Way');
    await group(page, 'to').getByLabel('country').fill('Österreich');
    await group(page, 'tags').getByRole('textbox').fill('first');
    await button(page, 'Add to tags').click();
    await page.keyboard.type('second');
    await group(page, 'limits').getByLabel('Name').fill('day');
    await group(page, 'limits').getByLabel('Value').fill('7');
    await field(page, 'signature').fill('AAEC');
    await field(page, 'before: null').uncheck();
    await group(page, 'before').getByLabel('amount').fill('1.00');
    await button(page, 'Send and keep').click();
    await page.getByText('Sent to payments: partition 1, offset 41').waitFor();
    const [value] = values(at) as [Readonly<Record<string, unknown>>];
    const { before, ...own } = value;
    assert.deepEqual(own, {
      id: '9007199254740993',
      amount: '12.50',
      count: -3,
      rate: 0.001,
      paid: true,
      day: '2024-02-29',
      at: '2024-02-29T23:59:58.125Z',
      way: 'CASH',
      note: 'for Zoë',
      origin: { street: 'One Way', country: 'Brazil' },
      to: { street: 'text', country: 'Österreich' },
      tags: ['first', 'second'],
      limits: { day: 7 },
      signature: 'AAEC',
    });
    const { amount, before: first } = before as Readonly<Record<string, unknown>>;
    assert.deepEqual([amount, first], ['1.00', null]);
    await button(page, 'Show partition 1, offset 41').click();
    await until('the message', () => at.looked.length === 1);
    assert.deepEqual(at.looked, [{ topic: 'payments', partition: 1, offset: '41' }]);
  });

  it('takes items and entries away, and the focus goes on', async () => {
    const { page, at } = await open();
    await button(page, 'Add to tags').click();
    await page.keyboard.type('second');
    await button(page, 'Remove item 1 of tags').click();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Add to tags');
    await button(page, 'Remove item 1 of tags').waitFor();
    await button(page, 'Remove an entry of limits').click();
    await button(page, 'Send').click();
    await until('the message', () => at.messages.length === 1);
    const [{ tags, limits }] = values(at) as [{ tags: unknown; limits: unknown }];
    assert.deepEqual([tags, limits], [['second'], {}]);
  });

  it('says beside each field what its schema finds wrong, goes to the first, and sends nothing', async () => {
    const { page, at } = await open();
    await field(page, 'amount').fill('12.505');
    await field(page, 'id').fill('twelve');
    await field(page, 'Kind of origin').selectOption('long');
    await group(page, 'origin').getByLabel('long').fill('x');
    await button(page, 'Add to tags').click();
    await field(page, 'signature').fill('%');
    await button(page, 'Send').click();
    await page.getByText('Not sent: something is not in order.').waitFor();
    assert.match(await problemOf(page, 'amount'), /12\.505/);
    assert.match(await problemOf(page, 'id'), /twelve/);
    assert.match(await problemOf(page, 'long'), /"x"/);
    assert.match(await problemOf(page, 'signature'), /%/);
    assert.equal(await problemOf(page, 'count'), '');
    assert.equal(await field(page, 'amount').getAttribute('aria-invalid'), 'true');
    assert.ok(await field(page, 'id').evaluate((one) => one === document.activeElement));
    assert.deepEqual(at.messages, []);
    await field(page, 'count').fill('1.5');
    await button(page, 'Send').click();
    await until('the count', async () => (await problemOf(page, 'count')) !== '');
    assert.equal(await problemOf(page, 'count'), 'A whole number is needed.');
    // What was mended is not told any more.
    await field(page, 'id').fill('12');
    assert.equal(await field(page, 'id').getAttribute('aria-invalid'), null);
  });

  it('finds the place also in a branch, in an item, in an entry and in a null that was taken away', async () => {
    const house = { type: 'record', name: 'House', fields: [{ name: 'floor', type: 'int' }] };
    const { page, at } = await open({
      subjects: {
        'payments-value': {
          type: 'AVRO',
          schema: {
            type: 'record',
            name: 'R',
            fields: [
              { name: 'origin', type: ['string', house] },
              { name: 'list', type: { type: 'array', items: 'House' } },
              { name: 'map', type: { type: 'map', values: 'House' } },
              { name: 'maybe', type: ['null', 'House'], default: null },
            ],
          },
        },
      },
    });
    await field(page, 'Kind of origin').selectOption('House');
    await field(page, 'maybe: null').uncheck();
    await button(page, 'Add to list').click();
    const floors = page.getByLabel('floor', { exact: true });
    assert.equal(await floors.count(), 5);
    const wrong = ['3000000001', '7', '3000000002', '3000000003', '3000000004'];
    for (const [index, floor] of wrong.entries()) await floors.nth(index).fill(floor);
    await button(page, 'Send').click();
    await page.getByText('Not sent: something is not in order.').waitFor();
    for (const [index, floor] of wrong.entries()) {
      const problem = floors
        .nth(index)
        .locator('xpath=ancestor::div[contains(@class, "leaf")]')
        .locator('.problem');
      assert.equal(await problem.isVisible(), floor !== '7', floor);
      if (floor !== '7') assert.match((await problem.textContent()) ?? '', new RegExp(floor));
    }
    assert.ok(await floors.first().evaluate((one) => one === document.activeElement));
    assert.deepEqual(at.messages, []);
  });

  it('sends headers, in their order and with none of them lost, and to the partition asked for', async () => {
    const { page, at } = await open();
    await button(page, 'Add header').click();
    await page.keyboard.type('origin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('web');
    await button(page, 'Add header').click();
    await page.keyboard.type('origin');
    await page.getByLabel('This header has no value').nth(1).check();
    await field(page, 'Partition').fill('3');
    await button(page, 'Send and keep').click();
    await page.getByRole('alert').getByText('A partition from 0 to 2; nothing: by the key').waitFor();
    await field(page, 'Partition').fill('2');
    await button(page, 'Send and keep').click();
    await page.getByText('Sent to payments: partition 2, offset 41').waitFor();
    assert.deepEqual(at.messages[0]?.headers, [
      { name: 'origin', value: 'web' },
      { name: 'origin', value: null },
    ]);
    assert.equal(at.messages[0].partition, 2);
  });

  it('sends a key, and a message without a value', async () => {
    const { page, at } = await open();
    await field(page, 'no key').uncheck();
    await field(page, 'Key').fill('4711');
    await field(page, 'Value: no value (tombstone)').check();
    await field(page, 'id').waitFor({ state: 'hidden' });
    await button(page, 'Send').click();
    await until('the message', () => at.messages.length === 1);
    assert.deepEqual([at.messages[0]?.key, at.messages[0]?.value], ['4711', null]);
  });

  it('makes the key by a form where it has a schema', async () => {
    const { page, at } = await open({
      subjects: {
        ...PAYMENTS,
        'payments-key': {
          type: 'AVRO',
          schema: { type: 'record', name: 'K', fields: [{ name: 'shop', type: 'string' }] },
        },
      },
    });
    await page.getByText('payments-key, version 1 (AVRO) · payments-value, version 1 (AVRO)').waitFor();
    await field(page, 'shop').fill('North');
    await button(page, 'Send').click();
    await until('the message', () => at.messages.length === 1);
    assert.equal(at.messages[0]?.key, '{"shop":"North"}');
  });

  it('begins anew after it sent, and stays as it is when asked to', async () => {
    const { page, at } = await open();
    await field(page, 'count').fill('5');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Sent to payments/).waitFor();
    assert.equal(await field(page, 'count').inputValue(), '0');
    await field(page, 'count').fill('6');
    await button(page, 'Send and keep').click();
    await page.getByText('Sent to payments: partition 1, offset 42').waitFor();
    assert.equal(await field(page, 'count').inputValue(), '6');
    await button(page, 'Fill with a sample').click();
    assert.equal(await field(page, 'count').inputValue(), '0');
    assert.deepEqual(
      (values(at) as { count: number }[]).map(({ count }) => count),
      [5, 6],
    );
  });

  it('keeps what was written, for each topic', async () => {
    const at = producing({
      topic: 'payments',
      subjects: { ...PAYMENTS, 'orders-value': { type: 'AVRO', schema: PAYMENT } },
    });
    const page = await show(at);
    await field(page, 'amount').fill('7.77');
    await field(page, 'note: null').uncheck();
    await field(page, 'note').fill('kept');
    await group(page, 'Value').getByLabel('Kind of origin').selectOption('long');
    await button(page, 'Add header').click();
    await until('it is kept', () => at.drafts.get('payments')?.headers.length === 1);
    await field(page, 'Topic').selectOption('orders');
    await until('the other form', async () => (await field(page, 'amount').inputValue()) === '0.00');
    await page.close();
    at.topic = 'payments';
    const again = await show(at);
    assert.equal(await field(again, 'amount').inputValue(), '7.77');
    assert.equal(await field(again, 'note').inputValue(), 'kept');
    assert.equal(await field(again, 'Kind of origin').locator('option:checked').textContent(), 'long');
    assert.equal(await field(again, 'This header has no value').count(), 1);
  });

  it('sends nothing while the form of another topic is not there yet, nor after it failed', async () => {
    const at = producing({
      topic: 'payments',
      subjects: { ...PAYMENTS, 'orders-value': { type: 'AVRO', schema: PAYMENT } },
    });
    const { message } = at.handlers;
    const waiting: (() => void)[] = [];
    let failing = false;
    const slow: typeof message = async (params, signal) => {
      if (params.topic === 'orders') {
        if (failing) throw new Refused({ code: 'registry-unreachable', message: 'No answer.' });
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return message(params, signal);
    };
    const page = await show(at, { handlers: { ...at.handlers, message: slow } });
    const sendBoth = async (): Promise<void> => {
      // Also against what says that it is disabled.
      await button(page, 'Send').click({ force: true });
      await button(page, 'Send and keep').click({ force: true });
      await button(page, 'Send').press('Control+Enter');
    };
    await field(page, 'amount').fill('6.66');
    await field(page, 'Topic').selectOption('orders');
    await until('orders are asked for', () => waiting.length === 1);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Produce to orders');
    await sendBoth();
    assert.equal(await page.locator('form.message').count(), 0);
    waiting.shift()?.();
    await page.locator('form.message').waitFor();
    await field(page, 'amount').fill('1.00');
    await button(page, 'Send').click();
    await page.getByText(/^Sent to orders/).waitFor();
    assert.deepEqual(
      at.messages.map(({ topic }) => topic),
      ['orders'],
    );

    await field(page, 'Topic').selectOption('payments');
    await page.locator('form.message').waitFor();
    assert.equal(await field(page, 'amount').inputValue(), '6.66');
    failing = true;
    await field(page, 'Topic').selectOption('orders');
    await page.getByRole('alert').getByText('No answer.').waitFor();
    await sendBoth();
    assert.equal(await page.locator('form.message').count(), 0);
    assert.equal(at.messages.length, 1);
  });

  it('shows the form of a newer schema, with what was written', async () => {
    const { page, at } = await open();
    await field(page, 'amount').fill('3.33');
    await until(
      'it is kept',
      () => (at.drafts.get('payments')?.value as { amount: string } | undefined)?.amount === '3.33',
    );
    opened?.host.notify('changed', null);
    at.subjects['payments-value'] = {
      type: 'AVRO',
      schema: {
        ...PAYMENT,
        name: 'shop.Other',
        fields: [PAYMENT.fields[1], { name: 'more', type: 'string' }],
      },
    };
    at.subjects['payments-key'] = { type: 'AVRO', schema: '"string"' };
    opened?.host.notify('changed', null);
    await field(page, 'more').waitFor();
    assert.equal(await field(page, 'amount').inputValue(), '3.33');
  });

  it('takes JSON or text where there is no schema', async () => {
    const { page, at } = await open({ topic: 'plain' });
    await page.getByText(/^No schema is registered for this topic/).waitFor();
    const value = field(page, 'Value');
    await value.fill('{"a": 1.10, }');
    await button(page, 'Send').click();
    await page.getByRole('alert').getByText('This is no JSON.').waitFor();
    assert.ok(await value.evaluate((one) => one === document.activeElement));
    await value.fill('{"a": 12345678901234567890}');
    await button(page, 'Send').click();
    await until('the message', () => at.messages.length === 1);
    await field(page, 'Written as').selectOption('Text');
    await value.fill('plain, {text');
    await button(page, 'Send').click();
    await until('the message', () => at.messages.length === 2);
    // The first is shown as the number is read by the decoder; its bytes are those that were written.
    assert.equal(at.drafts.get('plain')?.value, 'plain, {text');
    assert.deepEqual(at.messages[1]?.value, 'plain, {text');
  });

  it('lets fields of Protobuf be left out, and only one of a oneof be there', async () => {
    const { page, at } = await open({
      subjects: {
        'payments-value': {
          type: 'PROTOBUF',
          schema: `syntax = "proto3"; package shop;
            message Payment {
              string id = 1;
              optional int64 cents = 2;
              oneof way { string card = 3; bool cash = 4; }
              Payment before = 5;
              map<string, double> limits = 6;
              repeated Way ways = 7;
            }
            enum Way { CARD = 0; CASH = 1; }`,
        },
      },
    });
    await field(page, 'id').fill('p1');
    await field(page, 'cents: left out').check();
    assert.ok(await field(page, 'cents').isDisabled());
    assert.ok(await field(page, 'cash').isDisabled());
    await field(page, 'cash: left out').uncheck();
    assert.ok(await field(page, 'card: left out').isChecked());
    await field(page, 'cash').check();
    await button(page, 'Send').click();
    await page.getByText(/^Sent to payments/).waitFor();
    const [value] = values(at) as [Readonly<Record<string, unknown>>];
    assert.equal(value['id'], 'p1');
    assert.equal(value['cash'], true);
    assert.ok(!('card' in value) && !('cents' in value));
  });

  it('makes forms of JSON Schema, and JSON of what no form fits', async () => {
    const { page, at } = await open({
      subjects: {
        'payments-value': {
          type: 'JSON',
          schema: {
            type: 'object',
            required: ['sku', 'size', 'any'],
            properties: {
              sku: { type: 'string', pattern: '^[A-Z]+$' },
              size: { enum: ['S', 'M', 3] },
              weight: { type: 'number', minimum: 1, maximum: 5 },
              any: {},
            },
          },
        },
      },
    });
    await field(page, 'sku').fill('abc');
    await field(page, 'size').selectOption('3');
    await field(page, 'any').fill('{"deep": [1, "2"]');
    await button(page, 'Send').click();
    await until('the JSON', async () => (await problemOf(page, 'any')) === 'This is no JSON.');
    await field(page, 'any').fill('{"deep": [1, "2"]}');
    await field(page, 'weight: left out').uncheck();
    await field(page, 'weight').fill('9');
    await button(page, 'Send').click();
    await until('the pattern', async () => (await problemOf(page, 'sku')) !== '');
    assert.notEqual(await problemOf(page, 'weight'), '');
    await field(page, 'sku').fill('ABC');
    await field(page, 'weight').fill('2.5');
    await button(page, 'Send').click();
    await page.getByText(/^Sent to payments/).waitFor();
    assert.deepEqual(values(at), [{ sku: 'ABC', size: 3, weight: 2.5, any: { deep: [1, '2'] } }]);
  });

  it('opens what is written as a document', async () => {
    const { page, at } = await open();
    await field(page, 'amount').fill('8.00');
    await button(page, 'As a document').click();
    await until('the document', () => at.documents.length === 1);
    assert.equal(at.documents[0]?.topic, 'payments');
    assert.equal((at.documents[0].value as { amount: string }).amount, '8.00');
  });

  it('shows why nothing may be sent, and keeps what was written', async () => {
    const { page, at } = await open();
    at.refusal = { code: 'not-acknowledged', message: 'Kafka does not take it.', hint: 'Look at its log.' };
    await field(page, 'amount').fill('8.00');
    await button(page, 'Send').click();
    await page.getByRole('alert').getByText('Kafka does not take it.').waitFor();
    assert.equal(await field(page, 'amount').inputValue(), '8.00');
    at.refusal = undefined;
    await button(page, 'Send').click();
    await page.getByText(/^Sent to payments/).waitFor();
    await page.getByText('Kafka does not take it.').waitFor({ state: 'detached' });
  });

  it('goes from tab to tab by arrow keys', async () => {
    const { page } = await open({ topic: 'orders' });
    await page.getByRole('tab', { name: 'Generator' }).focus();
    await page.keyboard.press('ArrowRight');
    await button(page, 'Send').waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Message' }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Send');
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const { page } = await open({}, { theme, viewport: { width: 900, height: 2000 } });
      await button(page, 'Add header').click();
      await field(page, 'before: null').uncheck();
      await field(page, 'amount').first().fill('x');
      await button(page, 'Send').click();
      await page.getByText('Not sent: something is not in order.').waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
    });
  }
});
