import assert from 'node:assert/strict';
import { chromium, type Browser, type Page } from 'playwright-core';
import { blankWorkspace, tidiedWorkspace, workspaceFindings } from '../../src/core/databricks/workspaces.ts';
import type {
  OpenedWorkspace,
  WorkspaceCalls,
  WorkspaceDraft,
  WorkspaceProfile,
  WorkspaceTest,
} from '../../src/wire/workspace.ts';
import { until } from '../live/support/until.ts';
import { launchOptions } from '../support/browser.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { openPage } from './support/scriptedHost.ts';
import type { ThemeName } from './support/themes.ts';

const HOST = 'https://adb-1234567890123456.7.azuredatabricks.net';
const whole: WorkspaceProfile = {
  id: 'id-1',
  name: 'Sales',
  host: HOST,
  login: { kind: 'principal', clientId: 'app-1' },
  production: true,
  colour: 'red',
};
const profiles = [
  { name: 'DEFAULT', host: 'https://adb-1.1.azuredatabricks.net', auth: 'pat' },
  { name: 'team', host: 'https://adb-2.2.azuredatabricks.net', auth: 'azure-cli' },
];
const blank: OpenedWorkspace = {
  profile: blankWorkspace('id-2'),
  isNew: true,
  kept: null,
  profiles,
  azureCli: true,
};
const known: OpenedWorkspace = { ...blank, profile: whole, isNew: false, kept: 'principal' };

describe('the form of a workspace', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (
    opened: OpenedWorkspace,
    options: {
      readonly theme?: ThemeName;
      readonly locale?: string;
      readonly results?: WorkspaceTest[];
    } = {},
  ) => {
    const saved: WorkspaceDraft[] = [];
    const tested: WorkspaceDraft[] = [];
    const { results = [{ part: 'address', good: true, text: 'It is reached.' }], ...look } = options;
    const given = (draft: WorkspaceDraft): WorkspaceDraft => ({
      ...draft,
      profile: tidiedWorkspace(draft.profile),
    });
    const page = await openPage<WorkspaceCalls>(browser, {
      name: 'workspacePage',
      title: 'Workspace',
      viewport: { width: 1000, height: 900 },
      ...look,
      handlers: {
        copy: () => null,
        command: () => null,
        opened: () => opened,
        check: (draft) =>
          workspaceFindings(given(draft), {
            others: ['taken'],
            kept: opened.kept === draft.profile.login.kind,
          }),
        test: (draft) => {
          tested.push(given(draft));
          return results;
        },
        save: (draft) => {
          saved.push(given(draft));
          return [];
        },
        cancel: () => null,
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

  it('gives back what it was given, and says nothing of a secret that it does not have', async () => {
    const { page, saved, errors } = await open(known);
    await page.getByRole('button', { name: 'Save' }).click();
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved, [{ profile: whole }]);
    const secret = field(page, 'Client secret');
    assert.equal(await secret.getAttribute('placeholder'), 'Kept; type to replace it');
    assert.equal(await secret.inputValue(), '');
    assert.equal(await secret.getAttribute('type'), 'password');
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('is filled in and saved by the keyboard alone, from the address of a browser', async () => {
    const { page, saved } = await open(blank);
    await page.keyboard.type('Dev');
    await page.keyboard.press('Tab');
    await page.keyboard.type(`${HOST}/?o=123#notebook/5`);
    // Colour, production; then the first letter of the login chooses it.
    for (const stroke of ['Tab', 'g', 'Tab', 'Tab', 'a', 'Tab']) await page.keyboard.press(stroke);
    await page.keyboard.type('dapi0123');
    await page.keyboard.press('Enter');
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved[0], {
      profile: {
        id: 'id-2',
        name: 'Dev',
        host: HOST,
        login: { kind: 'token' },
        production: false,
        colour: 'green',
      },
      secret: 'dapi0123',
    });
    await page.close();
  });

  it('shows only what the login asks for, and takes the address of a profile', async () => {
    const { page, saved } = await open(blank);
    const shown = async (): Promise<readonly string[]> => {
      const all = ['Directory (tenant)', 'Profile', 'Token', 'Client id', 'Client secret'];
      const seen = await Promise.all(all.map((name) => field(page, name).isVisible()));
      return all.filter((_, index) => seen[index]);
    };
    assert.deepEqual(await shown(), ['Directory (tenant)']);
    await field(page, 'Login').selectOption('token');
    assert.deepEqual(await shown(), ['Token']);
    await field(page, 'Login').selectOption('principal');
    assert.deepEqual(await shown(), ['Client id', 'Client secret']);
    await field(page, 'Login').selectOption('azure-cli');
    assert.deepEqual(await shown(), ['Directory (tenant)']);
    await field(page, 'Login').selectOption('profile');
    assert.deepEqual(await shown(), ['Profile']);
    assert.equal(await field(page, 'Address').inputValue(), profiles[0]?.host);
    await field(page, 'Profile').selectOption('team');
    await field(page, 'Name').fill('Team');
    await page.getByRole('button', { name: 'Save' }).click();
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved[0]?.profile.login, { kind: 'profile', profile: 'team' });
    assert.equal(saved[0].profile.host, profiles[1]?.host);
    await page.close();
  });

  it('says where there is no Azure CLI, and no profile', async () => {
    const { page } = await open({ ...blank, profiles: [], azureCli: false });
    await field(page, 'Login').selectOption({ label: 'Azure CLI (not found here)' });
    await page.getByText('There is no program az on this machine').waitFor();
    await field(page, 'Login').selectOption('profile');
    await page.getByText('There is no profile in ~/.databrickscfg.').waitFor();
    await field(page, 'Name').fill('x');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A profile', { exact: true }).waitFor();
    await page.close();
  });

  it('keeps a profile that is not in the file any more, and says so', async () => {
    const gone: WorkspaceProfile = { ...whole, login: { kind: 'profile', profile: 'old' } };
    const { page, saved } = await open({ ...known, profile: gone, kept: null });
    assert.equal(
      await field(page, 'Profile').locator('option:checked').textContent(),
      'old (not in the file any more)',
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await until('it is saved', () => saved.length === 1 || undefined);
    assert.deepEqual(saved[0]?.profile, gone);
    await page.close();
  });

  it('marks what must be mended when it is tried, not before, and goes there', async () => {
    const { page, saved, tested } = await open(blank);
    await field(page, 'Address').fill('http://adb-1.2.azuredatabricks.net');
    await field(page, 'Login').selectOption('token');
    assert.equal(await page.locator('.entry .problem:visible').count(), 0);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('is no https address').waitFor();
    assert.equal(await field(page, 'Token').getAttribute('aria-invalid'), 'true');
    await until('the focus', () =>
      field(page, 'Name').evaluate((one) => one === document.activeElement || undefined),
    );
    await field(page, 'Token').fill('two words');
    await page.getByText('Copy it again, without blanks and quotes.').waitFor();
    await field(page, 'Name').fill('taken');
    await page.getByText('There is a workspace of this name already.').waitFor();
    assert.deepEqual([saved, tested], [[], []]);
    await page.close();
  });

  it('tells what a test found, part by part, until something is changed', async () => {
    const { page, tested } = await open(known, {
      results: [
        { part: 'address', good: true, text: 'It is reached.' },
        { part: 'login', good: false, text: 'It refused the login.', hint: 'See the secret.' },
      ],
    });
    await field(page, 'Client secret').fill('new');
    await page.getByRole('button', { name: 'Test' }).click();
    const told = page.locator('.told-parts');
    await told.getByText('✗ Login: It refused the login. See the secret.').waitFor();
    assert.equal(await told.locator('.good').textContent(), '✓ Address: It is reached.');
    assert.deepEqual(tested, [{ profile: whole, secret: 'new' }]);
    await field(page, 'Client id').fill('other');
    await until('it is taken away', async () => (await told.textContent()) === '' || undefined);
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`can be used by everybody: ${theme}`, async () => {
      const { page } = await open(known, {
        theme,
        results: [
          { part: 'address', good: true, text: `${HOST} is reached.` },
          { part: 'workspace', good: true, text: 'It answers, and asks for a login.' },
          { part: 'login', good: false, text: 'It refused the login.', hint: 'See the secret.' },
        ],
      });
      await page.getByRole('button', { name: 'Test' }).click();
      await page.getByText('It refused the login.').waitFor();
      await field(page, 'Name').evaluate((one) => {
        (one as HTMLInputElement).value = 'taken';
      });
      assert.deepEqual(await accessibilityViolations(page), []);
      if (process.env['SHOTS'])
        await page.screenshot({ path: `${process.env['SHOTS']}/workspace-${theme}.png` });
      await field(page, 'Login').selectOption('microsoft');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('There is a workspace of this name already.').waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.close();
    });
  }

  it('speaks Portuguese', async () => {
    const { page } = await open(blank, { locale: 'pt-br' });
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Novo workspace');
    assert.equal(await page.getByLabel('Diretório (tenant)').count(), 1);
    await page.close();
  });
});
