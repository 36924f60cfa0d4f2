import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import type { CloudRunResult } from '../../src/core/bundle/cloudRun.ts';
import { BundleError } from '../../src/core/bundle/findings.ts';
import type { LakehousePlan, ResourceType } from '../../src/core/bundle/plan.ts';
import { UserError } from '../../src/core/errors.ts';
import type { DeployCalls, DeployPlace } from '../../src/wire/deploy.ts';
import { until } from '../live/support/until.ts';
import { launchOptions } from '../support/browser.ts';
import { accessibilityViolations } from './support/accessibility.ts';
import { action, change, deploying, HOST, planOf, type Deploying } from './support/deploying.ts';
import { openPage } from './support/scriptedHost.ts';
import type { ThemeName } from './support/themes.ts';

const CRON = Array.from({ length: 6 }, (_, at) => `line ${at} of something long`).join('\n');

/** One of each kind. */
const everything = planOf(
  [
    action('create', 'folder', 'files', { name: '/Workspace/f' }),
    action('create', 'file', 'lakehouse/orders/gold.py', { name: '/Workspace/f/lakehouse/orders/gold.py' }),
    action('update', 'file', 'lakehouse/orders/silver.py', {
      name: '/Workspace/f/lakehouse/orders/silver.py',
      changes: [change('content', undefined, undefined)],
    }),
    action('same', 'file', 'lakehouse/orders/bronze.py'),
    action('delete', 'file', 'lakehouse/orders/old.py'),
    action('create', 'schema', 'gold', { name: 'orders_dev.gold' }),
    action('same', 'schema', 'silver', { name: 'orders_dev.silver' }),
    action('release', 'volume', 'files', { name: 'orders_dev.bronze.files' }),
    action('create', 'secretScope', 'orders', { name: 'orders_scope' }),
    action('update', 'pipeline', 'orders', {
      name: '[dev ana] orders_lakehouse',
      url: `${HOST}/pipelines/1`,
      changes: [
        change('configuration.orders.kafka.topic', 'orders', 'orders-v2'),
        change('serverless', false, true, true),
        change('libraries', undefined, [{ glob: { include: '/Workspace/f/lakehouse/transformations/**' } }]),
        change('notes', CRON, undefined),
      ],
    }),
    action('update', 'job', 'orders', {
      name: '[dev ana] orders_job',
      url: `${HOST}/jobs/2`,
      overwrites: true,
      changes: [change('tasks[orders].max_retries', 1, 2)],
    }),
    action('delete', 'job', 'nightly', {
      name: '[dev ana] nightly',
      loses: 'its history of runs',
      url: `${HOST}/jobs/3`,
    }),
    action('delete', 'pipeline', 'returns', { name: '[dev ana] returns', loses: 'its tables' }),
  ],
  [
    {
      code: 'parity',
      level: 'warning',
      message: 'collect() reads all rows.',
      hint: 'Take it out.',
      place: { file: 'lakehouse/orders/gold.py', line: 12, column: 5 },
    },
  ],
);
const small = planOf([
  action('create', 'schema', 'gold', { name: 'orders_dev.gold' }),
  action('create', 'pipeline', 'orders', { name: 'orders' }),
  action('create', 'job', 'orders', { name: 'orders job' }),
]);
const result: CloudRunResult = {
  pipeline: 'orders',
  pipelineId: 'p-1',
  updateId: 'u-1',
  url: `${HOST}/pipelines/p-1/updates/u-1`,
  state: 'COMPLETED',
  tables: [{ name: 'orders_dev.gold.sales_daily', rows: 365 }],
  rules: [
    { name: 'positive_price', dataset: 'orders_dev.silver.orders', passed_records: 8, failed_records: 2 },
  ],
  errors: [],
};

describe('the page of a deployment', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(launchOptions());
  });
  after(() => browser.close());

  const open = async (
    first: LakehousePlan | Error,
    options: {
      readonly theme?: ThemeName;
      readonly locale?: string;
      readonly place?: Partial<DeployPlace>;
      readonly height?: number;
    } = {},
  ) => {
    const made = deploying(first);
    made.place = { ...made.place, ...options.place };
    const opened = await openPage<DeployCalls>(browser, {
      name: 'deployPage',
      title: 'Deploy',
      handlers: made.handlers,
      theme: options.theme ?? 'dark',
      locale: options.locale ?? 'en',
      viewport: { width: 1000, height: options.height ?? 900 },
    });
    made.onChange = () => {
      opened.host.notify('changed', null);
    };
    await made.session.startPlan();
    await opened.page.locator('.facts:not(:empty)').waitFor();
    return { ...opened, made };
  };
  const applies = (made: Deploying) => until('it applies', () => made.applying, 10_000);
  const runs = (made: Deploying) => until('it runs', () => made.running, 10_000);
  const step = (
    { applying }: Deploying,
    resource: ResourceType,
    key: string,
    state: 'running' | 'completed',
  ): void => {
    applying?.onEvent({
      type: 'step',
      kind: 'create',
      resource,
      key,
      name: key,
      state,
      done: state === 'completed' ? 1 : 0,
      total: 3,
    });
  };

  it('shows each kind by a sign and a word, fields from what is there to what will be, and where it goes', async () => {
    const { page, made, errors } = await open(everything);
    await page.getByRole('heading', { name: 'Deploy orders-project' }).waitFor();
    assert.equal(
      await page.locator('.facts').textContent(),
      '3 created, 3 changed, 3 deleted, 2 the same, 1 let go',
    );
    assert.deepEqual(await page.locator('.plan > section > h2').allTextContents(), [
      'To be deleted there: 2',
      'Schemas',
      'Volumes',
      'Secret scopes',
      'Pipelines',
      'Jobs',
    ]);
    assert.deepEqual(
      await page
        .locator('.plan > section .action .headline')
        .evaluateAll((lines) =>
          lines.map((line) =>
            [...line.querySelectorAll('.word, .name')].map((one) => one.textContent).join(''),
          ),
        ),
      [
        'deleted: [dev ana] nightly',
        'deleted: [dev ana] returns',
        'new: orders_dev.gold',
        'let go: it stays there: orders_dev.bronze.files',
        'new: orders_scope',
        'changed: [dev ana] orders_lakehouse',
        'changed: [dev ana] orders_job',
      ],
    );
    const fields = page.getByRole('list', { name: 'Changes of [dev ana] orders_lakehouse' }).locator('li');
    assert.equal(
      await fields.nth(0).textContent(),
      'configuration.orders.kafka.topic: orders → becomes orders-v2',
    );
    assert.match(
      await fields.nth(1).innerText(),
      /^serverless: false .*true.*changed there by somebody else$/s,
    );
    assert.match(await fields.nth(2).innerText(), /^libraries: nothing/);
    // What is long is folded, and whole when it is opened.
    await fields.nth(3).locator('summary').click();
    assert.equal(await fields.nth(3).locator('pre').textContent(), CRON);
    await page.getByText('2 of these were made or changed there by somebody else').waitFor();
    await page.getByText('overwrites what is there').waitFor();
    // Files are one group, folded; what is the same as well.
    await page.getByText('Files: 1 created, 1 changed, 1 deleted, 1 the same').click();
    await page.getByRole('button', { name: 'Show difference: lakehouse/orders/silver.py' }).click();
    await page.getByRole('button', { name: '[dev ana] orders_lakehouse' }).click();
    await page.getByRole('button', { name: 'lakehouse/orders/gold.py:12' }).click();
    await page.getByRole('button', { name: 'Change: Target dev' }).click();
    await until('the calls', () => made.calls.length === 4);
    assert.deepEqual(made.calls, [
      'diff {"id":"file/lakehouse/orders/silver.py"}',
      `browse {"url":"${HOST}/pipelines/1"}`,
      'openFile {"file":"lakehouse/orders/gold.py","line":12,"column":5}',
      'changeTarget',
    ]);
    assert.match(await page.locator('.deploy-head').innerText(), /Azure dev[\s\S]*ana@example\.com/);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('deploys only once each deletion is agreed to: a job by a tick, a pipeline by its name', async () => {
    const { page, made } = await open(everything);
    const deploy = page.getByRole('button', { name: 'Deploy', exact: true });
    const isReady = async (): Promise<boolean> => (await deploy.getAttribute('aria-disabled')) === null;
    assert.equal(await isReady(), false);
    await deploy.focus();
    await page.keyboard.press('Enter');
    // The keyboard goes to what is missing.
    const tick = page.getByRole('checkbox', { name: 'Delete it: [dev ana] nightly' });
    assert.ok(await tick.evaluate((node) => node === document.activeElement));
    await page.keyboard.press('Space');
    const name = page.getByRole('textbox', { name: 'To delete it, type its name: [dev ana] returns' });
    await name.fill('[dev ana] return');
    assert.equal(await isReady(), false);
    await deploy.focus();
    await page.keyboard.press('Enter');
    assert.ok(await name.evaluate((node) => node === document.activeElement));
    assert.equal(made.applying, undefined);
    await name.fill('[dev ana] returns');
    assert.equal(await isReady(), true);
    await deploy.click();
    await applies(made);
    assert.deepEqual(made.applyOptions, { allowDelete: true, forceLock: false });
    await page.close();
  });

  it('ticks what is done, tells the error where it happened, and goes on from there', async () => {
    const { page, made } = await open(small);
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await applies(made);
    step(made, 'schema', 'gold', 'running');
    step(made, 'schema', 'gold', 'completed');
    step(made, 'pipeline', 'orders', 'running');
    await page.locator('.action').nth(1).locator('.step.running').waitFor();
    assert.deepEqual(await page.locator('.action .step').allInnerTexts(), ['✓ done', '… at work', 'waiting']);
    made.applying?.fail(
      new UserError('workspace-refused', 'No serverless compute in this workspace.', {
        hint: 'Ask an administrator.',
        action: { title: 'Edit the workspace', command: 'ordersLakehouse.editWorkspace' },
      }),
    );
    const alert = page.locator('.action').nth(1).getByRole('alert');
    await alert.getByText('No serverless compute in this workspace.').waitFor();
    assert.deepEqual(await page.locator('.action .step').allInnerTexts(), ['✓ done', '✗ failed', 'waiting']);
    assert.equal(await page.locator('.facts').textContent(), 'Stopped: not all is done.');
    await alert.getByRole('button', { name: 'Edit the workspace' }).click();
    await until('the command', () => made.calls.length === 1);
    assert.deepEqual(made.calls, ['command {"id":"ordersLakehouse.editWorkspace"}']);
    // What is there is the same now; what is left is done without asking again.
    made.next = planOf([{ ...small.actions[0], kind: 'same' } as never, ...small.actions.slice(1)]);
    made.applying = undefined;
    await page.getByRole('button', { name: 'Go on' }).click();
    const applying = await applies(made);
    await page.getByText('The same: 1').waitFor();
    applying.end(null);
    await runs(made);
    await page.close();
  });

  it('asks again when the rest is not what was agreed to', async () => {
    const { page, made } = await open(small);
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await applies(made);
    made.applying?.fail(new UserError('workspace-unreachable', 'The workspace does not answer.'));
    await page.getByRole('alert').getByText('The workspace does not answer.').waitFor();
    made.applying = undefined;
    made.next = planOf([...small.actions, action('delete', 'job', 'nightly')]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('checkbox', { name: 'Delete it: nightly' }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).waitFor();
    assert.equal(made.applying, undefined);
    await page.close();
  });

  it('follows the update live, and shows what it counted as a local run does', async () => {
    const { page, made, errors } = await open(small);
    await page.getByRole('checkbox', { name: 'Full refresh' }).check();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    (await applies(made)).end(null);
    const { onEvent, end } = await runs(made);
    const tell = (state: string): void => {
      onEvent({ type: 'update', pipeline: 'orders', updateId: 'u-1', state, url: result.url });
    };
    tell('WAITING_FOR_RESOURCES');
    await page.locator('.updates').getByText('WAITING_FOR_RESOURCES').waitFor();
    tell('RUNNING');
    onEvent({ type: 'message', level: 'info', message: 'Flow bronze is RUNNING.' });
    onEvent({ type: 'message', level: 'warning', message: 'Flow silver dropped rows.' });
    await page.getByRole('log').getByText('Flow bronze is RUNNING.').waitFor();
    assert.equal(await page.locator('.facts').textContent(), 'orders: RUNNING');
    assert.match(await page.locator('.run-head .time').innerText(), /^0:\d\d · full refresh$/);
    assert.deepEqual(
      await page
        .getByRole('list', { name: 'Errors and warnings of the run' })
        .locator('strong')
        .allTextContents(),
      ['Warning: '],
    );
    end([result]);
    const rules = page.getByRole('table', { name: 'Rules, in this run' });
    await rules.waitFor();
    assert.deepEqual(await rules.locator('tbody td').allTextContents(), [
      'positive_price',
      'orders_dev.silver.orders',
      '8',
      '2',
      '20%',
    ]);
    assert.deepEqual(
      await page.getByRole('table', { name: 'Tables' }).locator('tbody td').allTextContents(),
      ['orders_dev.gold.sales_daily', '365'],
    );
    assert.equal(await page.locator('.facts').textContent(), 'Deployed, and the update is complete.');
    await page.getByRole('button', { name: 'Open in browser: orders' }).click();
    await until('the address', () => made.calls.length === 1);
    assert.deepEqual(made.calls, [`browse {"url":"${result.url}"}`]);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('leads from the error of an update to the line here', async () => {
    const { page, made } = await open(small);
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    (await applies(made)).end(null);
    (await runs(made)).end([
      {
        ...result,
        state: 'FAILED',
        rules: [],
        tables: [],
        errors: [
          {
            message: 'Column prise cannot be resolved.',
            dataset: 'silver.orders',
            file: 'lakehouse/orders/silver.py',
            line: 31,
          },
        ],
      },
    ]);
    await page.getByText('silver.orders: Column prise cannot be resolved.').waitFor();
    assert.equal(await page.locator('.facts').textContent(), 'Deployed, but the update failed.');
    await page.getByRole('button', { name: 'lakehouse/orders/silver.py:31' }).click();
    await until('the file', () => made.calls.length === 1);
    assert.deepEqual(made.calls, ['openFile {"file":"lakehouse/orders/silver.py","line":31}']);
    await page.close();
  });

  for (const atCancel of ['stop', 'leave'] as const) {
    it(`cancels an update as the person says: ${atCancel}`, async () => {
      const { page, made } = await open(small);
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      (await applies(made)).end(null);
      await runs(made);
      made.atCancel = atCancel;
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Go on' }).waitFor();
      assert.equal(made.left, atCancel);
      await page.close();
    });
  }

  it('lists what keeps it from being planned, each with its line', async () => {
    const { page, made } = await open(
      new BundleError([
        {
          code: 'no-value',
          level: 'error',
          message: 'The variable catalog has no value.',
          place: { file: 'databricks.yml', line: 25, column: 3 },
        },
      ]),
    );
    assert.equal(await page.locator('.facts').textContent(), 'It cannot be planned yet.');
    await page.getByRole('heading', { name: 'Problem: The variable catalog has no value.' }).waitFor();
    await page.getByRole('button', { name: 'databricks.yml:25' }).click();
    await until('the file', () => made.calls.length === 1);
    assert.equal(await page.getByRole('button', { name: 'Deploy', exact: true }).count(), 0);
    made.next = small;
    await page.getByRole('button', { name: 'Plan again' }).click();
    await page.getByRole('button', { name: 'Deploy', exact: true }).waitFor();
    await page.close();
  });

  it('says that files changed since, and offers to take away a lock', async () => {
    const { page, made } = await open(small);
    made.session.changedHere();
    await page.getByText('Files of the project changed since: plan again.').waitFor();
    await page.getByRole('button', { name: 'Plan again' }).click();
    await page.getByText('Files of the project changed since').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await applies(made);
    made.applying?.fail(new UserError('locked', 'Somebody else deploys since 10:00.'));
    made.applying = undefined;
    await page.getByRole('button', { name: 'Take the lock away…' }).click();
    await applies(made);
    assert.deepEqual(made.applyOptions, { allowDelete: true, forceLock: true });
    await page.close();
  });

  it('has nothing to deploy where all is the same, and runs that', async () => {
    const { page, made } = await open(planOf([action('same', 'pipeline', 'orders')]));
    await page.getByText('✓ All is there as the bundle says.').waitFor();
    await page.getByRole('checkbox', { name: 'Run after the deployment' }).uncheck();
    const deploy = page.getByRole('button', { name: 'Deploy', exact: true });
    await deploy.waitFor();
    assert.equal(await deploy.getAttribute('aria-disabled'), 'true');
    await page.getByRole('checkbox', { name: 'Run after the deployment' }).check();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await applies(made);
    await page.close();
  });

  it('marks production, and speaks Portuguese', async () => {
    const { page } = await open(everything, {
      locale: 'pt-br',
      place: {
        target: 'prod',
        mode: 'production',
        workspace: { name: 'Azure', host: HOST, colour: 'red', production: true },
      },
    });
    assert.deepEqual(await page.locator('.deploy-head .mark').allTextContents(), ['PRODUÇÃO', 'produção']);
    await page.getByRole('button', { name: 'Planejar de novo' }).waitFor();
    await page.close();
  });

  it('cuts nothing and does not scroll sideways in a narrow tab', async () => {
    const { page } = await open(everything);
    await page.setViewportSize({ width: 480, height: 700 });
    for (const one of await page.locator('summary').all()) await one.click();
    const wide = await page.locator('.report').evaluate((report) => report.scrollWidth - report.clientWidth);
    assert.equal(wide, 0);
    await page.close();
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    it(`is accessible in ${theme}`, async () => {
      const place = {
        mode: 'production' as const,
        workspace: { name: 'Azure', host: HOST, colour: 'red' as const, production: true },
      };
      const { page, made } = await open(everything, { theme, place, height: 1400 });
      made.session.changedHere();
      await page.getByText('Files of the project changed since: plan again.').waitFor();
      for (const one of await page.locator('.folded > summary').all()) await one.click();
      assert.deepEqual(await accessibilityViolations(page), []);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/plan-${theme}.png` });
      await page.getByRole('checkbox', { name: 'Delete it: [dev ana] nightly' }).check();
      await page.getByRole('textbox').fill('[dev ana] returns');
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await applies(made);
      step(made, 'schema', 'gold', 'completed');
      step(made, 'pipeline', 'orders', 'running');
      made.applying?.end(null);
      const running = await runs(made);
      running.onEvent({
        type: 'update',
        pipeline: 'orders',
        updateId: 'u-1',
        state: 'FAILED',
        url: result.url,
      });
      running.onEvent({ type: 'message', level: 'warning', message: 'Flow silver dropped rows.' });
      running.end([
        {
          ...result,
          state: 'FAILED',
          errors: [
            { message: 'Column prise cannot be resolved.', file: 'lakehouse/orders/silver.py', line: 3 },
          ],
        },
      ]);
      await page.getByRole('table', { name: 'Tables' }).waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/run-${theme}.png` });
      await page.close();
    });
  }
});
