import assert from 'node:assert/strict';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { ProduceCalls } from '../../src/wire/produce.ts';
import { launchOptions } from '../support/browser.ts';
import { memoryLakehouse } from '../support/memoryLakehouse.ts';
import { until } from '../live/support/until.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { PAYMENT } from './support/payment.ts';
import { producing, SETTINGS, type Producing } from './support/producing.ts';
import { openPage, type OpenedPage } from './support/scriptedHost.ts';

describe('the generator of the produce page', () => {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  let made: Producing | undefined;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.page.close();
    await made?.session.stop();
    opened = made = undefined;
    assert.deepEqual(errors, []);
  });

  type Options = Partial<Parameters<typeof openPage<ProduceCalls>>[1]>;
  const open = async (
    options: Parameters<typeof producing>[0] = {},
    more: Options = {},
  ): Promise<{ readonly page: Page; readonly at: Producing }> => {
    const at = (made = producing(options));
    opened = await openPage<ProduceCalls>(browser, {
      name: 'producePage',
      title: 'Produce',
      handlers: at.handlers,
      ...more,
    });
    const { page } = opened;
    await page.getByRole('slider').first().waitFor();
    return { page, at };
  };
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const share = (page: Page, fault: string) =>
    page.getByRole('textbox', { name: `Share of ${fault} in percent` });
  const number = (page: Page, name: string) =>
    page.locator('.numbers div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  const sentOf = (page: Page, fault: string) =>
    page.getByRole('row', { name: new RegExp(`^${fault} `) }).locator('.sent');
  const count = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));

  it('sends what is asked for, shows how it goes, and then the topic at what was sent', async () => {
    const before = Date.now();
    const { page, at } = await open();
    await page.getByLabel('Lines', { exact: true }).fill('2,000');
    await page.getByRole('textbox', { name: 'Lines a second' }).fill('');
    await share(page, 'bad-price').fill('10');
    await page.getByLabel('Seed').fill('77');
    await button(page, 'Start').click();
    await page.getByText('2,000 lines sent to orders.').waitFor();
    assert.equal(await number(page, 'Lines sent').textContent(), '2,000 of 2,000');
    assert.equal(await number(page, 'Seed').textContent(), '77');
    assert.equal(at.memory.sent.length, 2000);
    const { faults } = at.session.state();
    assert.equal(await sentOf(page, 'bad-price').textContent(), String(faults['bad-price']));
    assert.equal(await sentOf(page, 'duplicate').textContent(), '');
    assert.deepEqual(at.remembered.at(-1), {
      count: 2000,
      rate: null,
      seed: 77,
      faults: { 'bad-price': 0.1 },
    });
    await button(page, 'Show in the topic').click();
    await until('the topic', () => at.shown.length === 1);
    const [topic, since = 0] = at.shown[0] ?? [];
    assert.equal(topic, 'orders');
    assert.ok(since >= before && since <= Date.now());
  });

  it('changes rate and faults while it runs, without another start', async () => {
    const { page, at } = await open({ settings: { ...SETTINGS, count: null, rate: 1 } });
    await button(page, 'Start').click();
    await page.getByText('Producing to orders').waitFor();
    await page.getByRole('slider', { name: 'Lines a second' }).fill('36');
    await until('the new rate', async () => count(await number(page, 'A second, now').textContent()) > 1500);
    await page.getByRole('slider', { name: 'Share of duplicate in percent' }).fill('14');
    assert.equal(await share(page, 'duplicate').inputValue(), '50');
    await until('duplicates', async () => count(await sentOf(page, 'duplicate').textContent()) > 500);
    const { sent, faults } = at.session.state();
    assert.ok((faults.duplicate ?? 0) < sent / 2);
    await button(page, 'None').click();
    await until('no more', () => Object.keys(at.remembered.at(-1)?.faults ?? { x: 1 }).length === 0);
    await button(page, 'Stop').click();
    await page.getByText(/lines sent to orders\./).waitFor();
    assert.equal(at.memory.sent.length, at.session.state().sent);
    assert.match(
      (await page.locator('.sparkline svg').getAttribute('aria-label')) ?? '',
      /^The last minute: at most [1-9][\d,]* lines a second$/,
    );
  });

  it('pauses and goes on where it was', async () => {
    const { page, at } = await open({ settings: { ...SETTINGS, count: null, rate: 2000 } });
    await button(page, 'Start').click();
    await until('lines', () => at.memory.sent.length > 100);
    await button(page, 'Pause').click();
    await page.getByText('Paused').waitFor();
    const { elapsed } = at.session.state();
    await until('a still topic', () => at.session.state().perSecond === 0);
    const held = at.memory.sent.length;
    assert.equal(at.session.state().elapsed, elapsed);
    await button(page, 'Resume').click();
    await until('more', () => at.memory.sent.length > held + 100);
  });

  it('takes typical faults and none by a button, and tells how many lines have one', async () => {
    const { page, at } = await open();
    await button(page, 'Typical').click();
    await page.getByText('6 % of the lines have a fault').waitFor();
    await until('the settings', () => Object.keys(at.remembered.at(-1)?.faults ?? {}).length === 12);
    assert.ok(Object.values(at.remembered.at(-1)?.faults ?? {}).every((one) => one === 0.005));
    assert.equal(await share(page, 'undecodable').inputValue(), '0.5');
    await button(page, 'None').click();
    await page.getByText('0 % of the lines have a fault').waitFor();
  });

  it('says beside a field what is wrong, starts nothing, and leaves what runs as it is', async () => {
    const { page, at } = await open();
    const lines = page.getByLabel('Lines', { exact: true });
    await lines.fill('1.5');
    await button(page, 'Start').click();
    assert.equal(await lines.getAttribute('aria-invalid'), 'true');
    const described = (await lines.getAttribute('aria-describedby')) ?? '';
    assert.equal(await page.locator(`#${described}`).textContent(), 'A whole number from 1 to 100,000,000');
    assert.ok(await lines.evaluate((one) => one === document.activeElement));
    await lines.fill('1000000');
    await button(page, 'Start').click();
    await page.getByText('Producing to orders').waitFor();
    await share(page, 'late').fill('60');
    await until('late ones', () => at.remembered.at(-1)?.faults.late === 0.6);
    await share(page, 'messy').fill('50');
    await page
      .getByRole('alert')
      .getByText('The shares of the faults are more than 100% together.')
      .waitFor();
    await share(page, 'messy').fill('x');
    await page.getByRole('alert').getByText('From 0 to 100').waitFor();
    assert.deepEqual(at.remembered.at(-1)?.faults, { late: 0.6 });
  });

  it('shows what a broken broker says, and what was sent until then', async () => {
    const { page, at } = await open({
      settings: { ...SETTINGS, count: null, rate: 2000 },
      memory: memoryLakehouse(3),
    });
    await button(page, 'Start').click();
    await page.getByRole('alert').getByText('Kafka does not take it.').waitFor();
    await page.getByRole('alert').getByText('Look at its log.').waitFor();
    const { sent } = at.session.state();
    assert.ok(sent > 0 && sent === at.memory.sent.length);
    await page.getByText(`It ended too early: ${sent.toLocaleString('en')} lines sent to orders.`).waitFor();
    await button(page, 'Start').waitFor();
  });

  it('shows why nothing may be started, with the button that mends it', async () => {
    const { page, at } = await open();
    at.refusal = {
      code: 'sandbox-stopped',
      message: 'The sandbox is stopped.',
      action: { title: 'Start sandbox', command: 'ordersLakehouse.start' },
    };
    await button(page, 'Start').click();
    await page.getByRole('alert').getByText('The sandbox is stopped.').waitFor();
    await button(page, 'Start sandbox').click();
    await until('the command', () => at.commands.length === 1);
    assert.deepEqual(at.commands, ['ordersLakehouse.start']);
    at.refusal = undefined;
    await button(page, 'Start').click();
    await page.getByText('The sandbox is stopped.').waitFor({ state: 'detached' });
  });

  it('goes to another topic, and goes on with what runs', async () => {
    const { page, at } = await open({ settings: { ...SETTINGS, count: null, rate: 500 } });
    await button(page, 'Start').click();
    await page.getByText('Producing to orders').waitFor();
    await page.getByLabel('Topic').selectOption('payments');
    await page.getByRole('heading', { name: 'Produce to payments' }).waitFor();
    const before = at.memory.sent.length;
    await until('it goes on', () => at.memory.sent.length > before);
    await page.getByText('The generator makes orders, and they go to topics of their own.').waitFor();
    await button(page, 'Stop').click();
    await button(page, 'Stop').waitFor({ state: 'hidden' });
    await button(page, 'Produce to orders-json').click();
    await page.getByLabel('Lines', { exact: true }).waitFor();
    await page.getByLabel('until stopped').uncheck();
    await button(page, 'Start').click();
    await page.getByText('Producing to orders-json').waitFor();
  });

  it('follows the command to another topic', async () => {
    const { page, at } = await open();
    at.topic = 'orders-json';
    opened?.host.notify('changed', null);
    await page.getByRole('heading', { name: 'Produce to orders-json' }).waitFor();
  });

  it('works by the keyboard alone, which stays where it is', async () => {
    const { page, at } = await open({ settings: { ...SETTINGS, count: null } });
    await page.getByRole('tab', { name: 'Generator' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Producing to orders').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Paused').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Producing to orders').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/lines sent to orders\./).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Stop');
    const slider = page.getByRole('slider', { name: 'Lines a second' });
    await slider.focus();
    await page.keyboard.press('End');
    assert.equal(await slider.getAttribute('aria-valuetext'), 'as fast as it goes');
    assert.equal(await page.getByRole('textbox', { name: 'Lines a second' }).inputValue(), '');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await slider.getAttribute('aria-valuetext'), '20,000 lines a second');
    await until('the rate', () => at.remembered.at(-1)?.rate === 20_000);
    await page.getByRole('slider', { name: 'Share of late in percent' }).focus();
    await page.keyboard.press('ArrowRight');
    await until('the share', () => at.remembered.at(-1)?.faults.late === 0.001);
    await page.keyboard.press('Tab');
    await page.keyboard.type('2,5');
    await until('the share', () => at.remembered.at(-1)?.faults.late === 0.025);
    // Enter in a field starts it.
    await page.keyboard.press('Enter');
    await page.getByText('Producing to orders').waitFor();
  });

  it('shows what was set the last time', async () => {
    const { page } = await open({
      settings: { count: null, rate: null, seed: 9, faults: { messy: 0.075, late: 0.033 } },
    });
    assert.ok(await page.getByLabel('until stopped').isChecked());
    assert.ok(await page.getByLabel('Lines', { exact: true }).isDisabled());
    assert.equal(
      await page.getByRole('slider', { name: 'Lines a second' }).getAttribute('aria-valuetext'),
      'as fast as it goes',
    );
    assert.equal(await page.getByLabel('Seed').inputValue(), '9');
    assert.equal(await share(page, 'messy').inputValue(), '7.5');
    assert.equal(await share(page, 'late').inputValue(), '3.3');
    assert.equal(await share(page, 'duplicate').inputValue(), '0');
  });

  it('speaks Portuguese', async () => {
    const { page } = await open({}, { locale: 'pt-br' });
    await page.getByRole('heading', { name: 'Produzir para orders' }).waitFor();
    await button(page, 'Iniciar').waitFor();
  });

  it('fits a narrow tab: nothing scrolls sideways', async () => {
    const { page } = await open(
      { subjects: { 'orders-value': { type: 'AVRO', schema: PAYMENT } } },
      { viewport: { width: 480, height: 700 } },
    );
    for (const tab of ['Generator', 'Message']) {
      await page.getByRole('tab', { name: tab }).click();
      const pane = page.getByRole('tabpanel', { name: tab });
      assert.equal(await pane.evaluate((one) => one.scrollWidth - one.clientWidth), 0, tab);
    }
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const { page } = await open({ settings: { ...SETTINGS, rate: 300 } }, { theme });
      assert.deepEqual(await accessibilityViolations(page), []);
      await button(page, 'Typical').click();
      await button(page, 'Start').click();
      await until('lines', () => (made?.session.state().sent ?? 0) > 200);
      await share(page, 'late').fill('x');
      assert.deepEqual(await accessibilityViolations(page), []);
    });
  }
});
