/**
 * To Azure Databricks in the installed extension: connect, deploy the lakehouse, see its rules; deploy a notebook, change
 * it, see the difference, run it, and go to the line that failed. The workspace is the small fake of the tests.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { cli } from '../live/support/cli.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { countedUpdate } from '../support/fakeWorkspace/pipelines.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const root = join(import.meta.dirname, '..', '..');
const USER = 'ana@example.com';
const TOKEN = `dapi-geheim-${process.pid}-of-the-journey`;
/** Of the variables that have no value in the target dev. */
const VALUES = {
  kafka_bootstrap: 'broker.example.com:9092',
  registry_url: 'https://registry.example.com',
};
const NOTEBOOK = [
  '# Databricks notebook source',
  'dbutils.widgets.text("country", "Brazil")',
  '',
  '# COMMAND ----------',
  '',
  'total = 1',
  'print(total / zero)',
  '',
];

describe('to Azure Databricks, from the editor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-cloud-'));
  const home = join(folder, 'home');
  const project = join(folder, 'shop');
  const vsix = join(folder, 'orders-lakehouse.vsix');
  let fake: FakeWorkspace;
  let workbench: Workbench;

  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
    fake.scopes.set('orders_lakehouse_dev', [
      'kafka-api-key',
      'kafka-api-secret',
      'registry-api-key',
      'registry-api-secret',
    ]);
    await cli(home, 'project', 'create', project);
    mkdirSync(join(project, 'notebooks'));
    writeFileSync(join(project, 'notebooks', 'totals.py'), NOTEBOOK.join('\n'));
    execFileSync(process.execPath, [join(root, 'scripts', 'package.mjs'), vsix], { stdio: 'pipe' });
    workbench = await openWorkbench(
      {
        vsix,
        env: { ORDERS_LAKEHOUSE_HOME: home },
        settings: { 'workbench.colorTheme': 'Default Dark Modern' },
      },
      project,
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.picture('cloud-failed');
  });
  after(async () => {
    await workbench.close();
    await fake.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Answers the question of VS Code's own input or list that has this text. */
  const answer = async (question: string, value?: string): Promise<void> => {
    const { page } = workbench;
    const widget = page
      .locator('.quick-input-widget', { hasText: question })
      .or(page.locator(`.quick-input-widget:has(input[placeholder="${question}"])`));
    const input = widget.locator('input[type="text"]').last();
    await input.waitFor();
    if (value !== undefined) await input.fill(value);
    await input.press('Enter');
  };
  const open = async (file: string): Promise<void> => {
    const { page } = workbench;
    await page.keyboard.press('Control+p');
    await page.locator('.quick-input-widget input').fill(file);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: file }).first().click();
    await page.getByRole('tab', { name: new RegExp(`^${file}`) }).waitFor();
  };

  it('connects a workspace by its form, tested before it is saved, its token in no file', async () => {
    const { command, frame, page, node, files } = workbench;
    await command('Orders Lakehouse: Add a Databricks Workspace…');
    await frame.getByLabel('Name', { exact: true }).fill('Squad');
    await frame.getByLabel('Address', { exact: true }).fill(`${fake.host}/?o=1#workspace`);
    await frame.getByLabel('Colour').selectOption('green');
    await frame.getByRole('combobox', { name: 'Login', exact: true }).selectOption('token');
    await frame.getByLabel('Token', { exact: true }).fill(TOKEN);
    await frame.getByRole('button', { name: 'Test' }).click();
    await frame.getByText(`✓ Login: ${USER}`).waitFor();
    await workbench.picture('workspace');
    await frame.getByRole('button', { name: 'Save' }).click();
    await node('Squad').waitFor();
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
    const leaking = files().filter((path) => readFileSync(path).includes(TOKEN));
    assert.deepEqual(leaking, []);
    await page.keyboard.press('Control+w');
  });

  it('plans the lakehouse without a write, deploys it, and shows the rules of its update', async () => {
    const { command, frame, notification } = workbench;
    fake.pipelines.script = countedUpdate(1234, 56);
    await open('databricks.yml');
    await command('Orders Lakehouse: Deploy Lakehouse to Databricks');
    await answer('Which target of the bundle?', 'dev');
    await answer('Into which workspace is dev deployed?', 'Squad');
    for (const [name, value] of Object.entries(VALUES)) await answer(`Variable ${name} of`, value);
    await frame.getByText('orders_dev.silver', { exact: true }).waitFor();
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
    await workbench.picture('deploy-plan');
    await frame.getByRole('button', { name: 'Deploy', exact: true }).click();
    const rule = frame.getByRole('row', { name: /positive_price/ });
    await rule.waitFor();
    assert.deepEqual(await rule.locator('td').allTextContents(), [
      'positive_price',
      'silver.orders',
      '1,234',
      '56',
      '4.34%',
    ]);
    await workbench.picture('deploy-run');
    // What is there is the project, file for file.
    const there = new Map(
      [...fake.tree]
        .filter(([path, { type }]) => type === 'FILE' && path.includes('/files/'))
        .map(([path, { content = '' }]) => [
          path.slice(path.indexOf('/files/') + '/files/'.length),
          Buffer.from(content, 'base64').toString('utf8'),
        ]),
    );
    const here = readdirSync(join(project, 'lakehouse'), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    assert.ok(here.length > 5);
    assert.deepEqual(
      [...there].sort(),
      here
        .map((path) => [relative(project, path).split(sep).join('/'), readFileSync(path, 'utf8')] as const)
        .sort(),
    );
    const [pipeline] = [...fake.pipelines.pipelines.values()];
    const configuration = pipeline?.spec['configuration'] as Readonly<Record<string, string>>;
    assert.equal(configuration['orders.kafka.bootstrap'], VALUES.kafka_bootstrap);
    assert.equal(
      configuration['orders.kafka.sasl.password'],
      '{{secrets/orders_lakehouse_dev/kafka-api-secret}}',
    );
    await notification('shop is deployed to dev.').waitFor();
  });

  it('marks what would not work there, and keeps it from being deployed', async () => {
    const { frame, page } = workbench;
    const file = join(project, 'lakehouse', 'transformations', 'silver.py');
    const before = readFileSync(file, 'utf8');
    const writes = (): number => fake.requests.filter(({ method }) => method !== 'GET').length;
    const already = writes();
    try {
      writeFileSync(file, `import asyncore\n${before}`);
      await frame.getByRole('button', { name: 'Plan again' }).click();
      await frame
        .getByText(/asyncore/)
        .first()
        .waitFor();
      await frame.getByText('lakehouse/transformations/silver.py:1').first().click();
      await page.locator('.squiggly-error').first().waitFor();
      assert.equal(writes(), already);
    } finally {
      writeFileSync(file, before);
    }
  });

  it('deploys a notebook with one click, and shows what differs when somebody changed it there', async () => {
    const { command, page } = workbench;
    const path = `/Users/${USER}/totals`;
    await open('totals.py');
    await command('Orders Lakehouse: Deploy Notebook to Databricks');
    await answer('To which workspace?', 'Squad');
    await answer('Deploy to Squad', '~/totals');
    await page.locator('.codelens-decoration', { hasText: `Deployed to Squad · ${path},` }).waitFor();
    assert.equal(fake.tree.get(path)?.content, NOTEBOOK.join('\n'));
    fake.tree.set(path, {
      type: 'NOTEBOOK',
      language: 'PYTHON',
      format: 'SOURCE',
      content: '# Databricks notebook source\nprint("of somebody else")\n',
    });
    await command('Orders Lakehouse: Deploy Notebook to Databricks');
    await answer('totals', 'Deploy to Squad');
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'of somebody else' }).first().waitFor();
    await workbench.picture('notebook-diff');
    assert.match(fake.tree.get(path)?.content ?? '', /of somebody else/);
  });

  it('keeps the token out of all that VS Code, the home and the project hold', () => {
    const below = (at: string): readonly string[] =>
      existsSync(at)
        ? readdirSync(at, { recursive: true, withFileTypes: true })
            .filter((one) => one.isFile())
            .map((one) => join(one.parentPath, one.name))
        : [];
    const leaking = [...workbench.files(), ...below(home), ...below(project)].filter((path) =>
      readFileSync(path).includes(TOKEN),
    );
    assert.deepEqual(leaking, []);
  });
});
