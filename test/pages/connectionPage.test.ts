import assert from 'node:assert/strict';
import { chromium, type Browser, type Page } from 'playwright-core';
import { blankProfile, findingsOf, withAddresses } from '../../src/core/connections.ts';
import type {
  ConnectionCalls,
  ConnectionDraft,
  ConnectionProfile,
  ConnectionTest,
  OpenedConnection,
} from '../../src/wire/connection.ts';
import { until } from '../live/support/until.ts';
import { launchOptions } from '../support/browser.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage } from './support/scriptedHost.ts';
import type { ThemeName } from './support/themes.ts';

const whole: ConnectionProfile = {
  id: 'id-1',
  name: 'Production',
  bootstrap: ['a.example.com:9093', 'b.example.com:9093'],
  tls: {
    authorities: '/certs/ca.pem',
    certificate: '',
    key: '',
    keystore: '/certs/me.p12',
    verifyName: false,
  },
  sasl: {
    mechanism: 'OAUTHBEARER',
    tokenUrl: 'https://login.example.com/token',
    clientId: 'me',
    scope: 'kafka',
    extensions: { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' },
  },
  registry: {
    url: 'https://sr.example.com',
    login: { kind: 'basic', username: 'KEY' },
    tls: { authorities: '/certs/sr.pem', certificate: '', key: '', keystore: '', verifyName: true },
  },
  readOnly: true,
  colour: 'red',
};
const blank: OpenedConnection = { profile: blankProfile('id-2'), isNew: true, kept: [], left: [] };

describe('the form of a connection', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (
    opened: OpenedConnection,
    options: {
      readonly theme?: ThemeName;
      readonly locale?: string;
      readonly results?: ConnectionTest[];
    } = {},
  ) => {
    const saved: ConnectionDraft[] = [];
    const tested: ConnectionDraft[] = [];
    const { results = [{ part: 'kafka', good: true, text: 'Kafka answers.' }], ...look } = options;
    const page = await openPage<ConnectionCalls>(browser, {
      name: 'connectionPage',
      title: 'Connection',
      viewport: { width: 1000, height: 1400 },
      ...look,
      handlers: {
        copy: () => null,
        command: () => null,
        opened: () => opened,
        check: (profile) => findingsOf(withAddresses(profile), ['taken']),
        test: (draft) => {
          tested.push({ ...draft, profile: withAddresses(draft.profile) });
          return results;
        },
        save: (draft) => {
          saved.push({ ...draft, profile: withAddresses(draft.profile) });
          return [];
        },
        cancel: () => null,
        chooseFile: ({ title }) => `/chosen/${title}.pem`,
      },
    });
    await page.page
      .getByLabel('Name', { exact: true })
      .or(page.page.getByLabel('Nome', { exact: true }))
      .waitFor();
    return { ...page, saved, tested };
  };
  const field = (page: Page, name: string) =>
    page.getByLabel(name, { exact: true }).and(page.locator('input, select')).first();

  it('gives back what it was given, and says nothing of secrets that it does not have', async () => {
    const { page, saved, errors } = await open({
      profile: whole,
      isNew: false,
      kept: ['clientSecret', 'registryPassword'],
      left: [],
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved, [{ profile: whole, secrets: {} }]);
    assert.equal(await field(page, 'Client secret').getAttribute('placeholder'), 'Kept; type to replace it');
    assert.equal(await field(page, 'Client secret').inputValue(), '');
    assert.equal(await field(page, 'Client secret').getAttribute('type'), 'password');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('is filled in and saved by the keyboard alone', async () => {
    const { page, saved } = await open(blank);
    const keys = async (...strokes: readonly string[]): Promise<void> => {
      for (const stroke of strokes) await page.keyboard.press(stroke);
    };
    // The first field has the focus.
    await page.keyboard.type('Cloud');
    await keys('Tab');
    await page.keyboard.type('SASL_SSL://pkc-1.example.com:9092');
    // Colour: the first letter of one chooses it. Then read-only.
    await keys('Tab', 'r', 'Tab', 'Space');
    for (;;) {
      await keys('Tab');
      const label = await page.evaluate(
        () => (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent ?? '',
      );
      if (label === 'User or API key') break;
    }
    await page.keyboard.type('KEY');
    await keys('Tab');
    await page.keyboard.type('a secret ');
    await keys('Enter');
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved[0], {
      profile: {
        ...blankProfile('id-2'),
        name: 'Cloud',
        bootstrap: ['pkc-1.example.com:9092'],
        colour: 'red',
        readOnly: true,
        sasl: { mechanism: 'PLAIN', username: 'KEY' },
      },
      secrets: { password: 'a secret ' },
    });
    await page.close();
  });

  it('shows only what the choices ask for', async () => {
    const { page } = await open(blank);
    const shown = (name: string): Promise<boolean> => field(page, name).isVisible();
    assert.deepEqual([await shown('Password or API secret'), await shown('Client id')], [true, false]);
    await field(page, 'Login').selectOption('OAUTHBEARER');
    assert.deepEqual([await shown('Password or API secret'), await shown('Client id')], [false, true]);
    assert.equal(await shown('Address'), false);
    await field(page, 'It has a schema registry').check();
    assert.equal(await shown('Address'), true);
    await field(page, 'Encrypted (TLS)').uncheck();
    assert.equal(await shown('Authorities (PEM)'), false);
    await page.close();
  });

  it('marks what must be mended when it is tried, not before, and goes there', async () => {
    const { page, saved, tested } = await open(blank);
    await field(page, 'Bootstrap servers').fill('nonsense');
    assert.equal(await page.locator('.entry .problem:visible').count(), 0);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('"nonsense" is no host:port').waitFor();
    assert.equal(await field(page, 'Name').getAttribute('aria-invalid'), 'true');
    await until('the first has the focus', () =>
      field(page, 'Name').evaluate((one) => one === document.activeElement || undefined),
    );
    await field(page, 'Name').fill('taken');
    await page.getByText('There is a connection of this name already.').waitFor();
    assert.deepEqual([saved, tested], [[], []]);
    await page.close();
  });

  it('tells what a test found, part by part, until something is changed', async () => {
    const { page, tested } = await open(
      { profile: whole, isNew: false, kept: [], left: [] },
      {
        results: [
          { part: 'kafka', good: true, text: 'Kafka answers.' },
          { part: 'registry', good: false, text: 'It refused the login.', hint: 'See the token.' },
        ],
      },
    );
    await page
      .getByRole('region', { name: 'Schema registry' })
      .getByLabel('Password or API secret')
      .fill('new');
    await page.getByRole('button', { name: 'Test' }).click();
    const told = page.locator('.told-parts');
    await told.getByText('✗ Schema registry: It refused the login. See the token.').waitFor();
    assert.equal(await told.locator('.good').textContent(), '✓ Kafka: Kafka answers.');
    assert.deepEqual(tested, [{ profile: whole, secrets: { registryPassword: 'new' } }]);
    await field(page, 'Client id').fill('other');
    await until('it is taken away', async () => (await told.textContent()) === '' || undefined);
    await page.close();
  });

  it('takes a path from a file that is chosen', async () => {
    const { page, saved } = await open({ profile: whole, isNew: false, kept: [], left: [] });
    await page.getByRole('button', { name: 'Choose a file: Authorities (PEM)' }).first().click();
    await until(
      'the path',
      async () => (await field(page, 'Authorities (PEM)').inputValue()).startsWith('/chosen') || undefined,
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.equal(saved[0]?.profile.tls?.authorities, '/chosen/Authorities (PEM).pem');
    await page.close();
  });

  it('says what of a file could not be taken', async () => {
    const left = [{ key: 'ssl.keystore.location', why: 'JKS is read by Java alone.' }];
    const { page } = await open({ ...blank, left });
    assert.match((await page.getByRole('note').textContent()) ?? '', /ssl\.keystore\.location JKS is read/);
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`can be used by everybody: ${theme}`, async () => {
      const { page } = await open(
        { profile: whole, isNew: false, kept: ['passphrase'], left: [{ key: 'a', why: 'b' }] },
        { theme, results: [{ part: 'kafka', good: false, text: 'It does not answer.', hint: 'See.' }] },
      );
      await page.getByRole('button', { name: 'Test' }).click();
      await page.getByText('It does not answer.').waitFor();
      await field(page, 'Name').fill('taken');
      await page.getByText('There is a connection of this name already.').waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      if (process.env['SHOTS'])
        await page.screenshot({ path: `${process.env['SHOTS']}/connection-${theme}.png` });
      await page.close();
    });
  }

  it('speaks Portuguese', async () => {
    const { page } = await open(blank, { locale: 'pt-br' });
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Nova conexão');
    assert.equal(await page.getByLabel('Servidores de bootstrap').count(), 1);
    await page.close();
  });
});
