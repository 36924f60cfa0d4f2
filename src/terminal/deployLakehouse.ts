/** deploy: the lakehouse of a folder, as its bundle describes it. */
import type { Command } from 'commander';
import { applyLakehouse, type ApplyResult } from '../core/bundle/applyLakehouse.ts';
import type { CloudRunResult } from '../core/bundle/cloudRun.ts';
import { deletions, isEmpty, overwritten, parsePlan, type LakehousePlan } from '../core/bundle/plan.ts';
import { planLakehouse, type PreparedDeploy } from '../core/bundle/planLakehouse.ts';
import { planText, summaryText } from '../core/bundle/planText.ts';
import type { DeployParts } from '../core/bundle/ports.ts';
import { errorText, runPipelines } from '../core/bundle/runPipelines.ts';
import { parityGate } from '../core/parity/gate.ts';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { confirmed, mustType } from './confirm.ts';
import { nameAndValue } from './options.ts';
import { textTable } from './textTable.ts';
import type { Context, Runner } from './verb.ts';

interface Flags {
  readonly target?: string;
  readonly plan?: boolean;
  readonly out?: string;
  readonly from?: string;
  readonly yes?: boolean;
  readonly allowDelete?: boolean;
  readonly forceLock?: boolean;
  readonly var?: Readonly<Record<string, string>>;
  readonly profile?: string;
  readonly run: boolean;
  readonly fullRefresh?: boolean;
  readonly stopOnCancel?: boolean;
}

/** What was asked may take so long after a cancel. */
const CLOSING_MS = 15_000;

function variable(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [name, value] = nameAndValue(text, t('A variable is given as name=value.'));
  return { ...before, [name]: value };
}

const mayAsk = ({ output }: Context): boolean => !output.json && process.stdin.isTTY;

async function mustSayYes(context: Context, why: string): Promise<void> {
  if (!mayAsk(context)) {
    throw new UserError('not-confirmed', why, { hint: t('Nothing was written. If it is meant: --yes') });
  }
  if (!(await confirmed(`${why} ${t('Go on? [y/N]')}`))) {
    throw new UserError('not-confirmed', t('Nothing was written.'));
  }
}

/** Throws UserError `not-confirmed`, `would-delete`. Returns whether what would be deleted may be. */
async function mustBeAgreed(
  context: Context,
  plan: LakehousePlan,
  { yes = false, allowDelete = false }: Pick<Flags, 'yes' | 'allowDelete'>,
): Promise<boolean> {
  if (isEmpty(plan)) return allowDelete;
  const lost = deletions(plan);
  if (lost.length > 0 && !allowDelete) {
    // Applying it refuses then, and says what would go.
    if (!mayAsk(context)) return false;
    const names = lost.map(({ name, loses = '' }) => `${name} ${loses}`.trim()).join(', ');
    const question = t('This would be deleted for good: {0}. Type {1} to agree:', names, plan.bundle);
    await mustType(plan.bundle, question);
    return true;
  }
  if (yes) return allowDelete;
  const changed = overwritten(plan);
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(', ');
    await mustSayYes(context, t('What somebody else put or changed there would be overwritten: {0}.', names));
  } else if (plan.mode === 'production') {
    await mustSayYes(context, t('{0} is a production target.', plan.target));
  }
  return allowDelete;
}

async function readPlan({ lakehouse }: Context, path: string): Promise<LakehousePlan> {
  try {
    return parsePlan(await lakehouse.files.readText(path));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new UserError('not-a-plan', t('{0} is no plan of a deployment.', path), {
      hint: t('One is written by: deploy --plan --out {0}', path),
      cause,
    });
  }
}

/** Throws UserError `changed-meanwhile`. */
function mustBeTheSame(saved: LakehousePlan, now: LakehousePlan): void {
  if (saved.fingerprint === now.fingerprint) return;
  const host = saved.host === now.host ? '' : ` ${t('It was made for {0}.', saved.host)}`;
  throw new UserError(
    'changed-meanwhile',
    t('The project, or what is in the workspace, is no longer what the plan was made of.') + host,
    { hint: t('Nothing was written. Make the plan anew, and look at it.') },
  );
}

export function runResultText({ pipeline, state, tables, rules, errors, url }: CloudRunResult): string {
  const text = (name: string) => ({ name, type: 'string' });
  const number = (name: string) => ({ name, type: 'bigint' });
  const parts = [
    `${pipeline}: ${state} (${url})`,
    ...errors.map((error) => `  ${errorText(error)}`),
    ...(tables.length === 0
      ? []
      : [
          textTable(
            [text(t('table')), number(t('rows written'))],
            tables.map(({ name, rows }) => [name, rows]),
          ),
        ]),
    ...(rules.length === 0
      ? []
      : [
          textTable(
            [text(t('rule')), text(t('table')), number(t('passed')), number(t('failed'))],
            rules.map((rule) => [rule.name, rule.dataset, rule.passed_records, rule.failed_records]),
          ),
        ]),
  ];
  return parts.join('\n\n');
}

async function deployFolder(context: Context, folder: string, flags: Flags): Promise<void> {
  const { lakehouse, output, signal } = context;
  const { out, from, profile, forceLock = false, fullRefresh = false } = flags;
  const saved = from === undefined ? undefined : await readPlan(context, from);
  // A plan that is saved into the project is not of it: else it would change what it was made of.
  const plans = [out, from].filter((path) => path !== undefined);
  const project = await context.bundle(folder, plans);
  const databricks = await context.databricks();
  const login = databricks.login(profile === undefined ? {} : { profile });
  const parts: DeployParts = {
    project,
    workspace: databricks.workspace(login, output.onEvent, signal),
    closing: () => databricks.workspace(login, () => undefined, AbortSignal.timeout(CLOSING_MS)),
    onEvent: output.onEvent,
    signal,
    gate: async () => parityGate(await context.parity(), project.folder, { signal }),
  };
  const target = flags.target ?? saved?.target;
  const prepared = await planLakehouse(parts, { target, variables: flags.var ?? {} });
  const { plan } = prepared;
  if (out !== undefined) await lakehouse.files.write(out, [`${JSON.stringify(plan, undefined, 2)}\n`]);
  if (flags.plan === true || out !== undefined) {
    await output.result(plan, () => planText(plan));
    return;
  }
  if (saved) mustBeTheSame(saved, plan);
  output.onEvent({ type: 'message', level: 'info', message: planText(plan) });
  // Who applies a saved plan has looked at it.
  const allowDelete = await mustBeAgreed(context, plan, {
    ...flags,
    yes: flags.yes === true || saved !== undefined,
  });
  const applied = await applyLakehouse(parts, prepared, { allowDelete, forceLock });
  const runs = flags.run
    ? await runPipelines(parts, prepared, applied, {
        fullRefresh,
        atCancel: flags.stopOnCancel === true ? 'stop' : 'leave',
      })
    : [];
  await tell(context, prepared, applied, runs);
}

async function tell(
  { output, signal }: Context,
  { plan }: PreparedDeploy,
  applied: ApplyResult,
  runs: readonly CloudRunResult[],
): Promise<void> {
  await output.result({ plan, ...applied, runs }, () =>
    [t('Deployed: {0}', summaryText(plan)), ...runs.map(runResultText)].join('\n\n'),
  );
  if (signal.aborted) throw new Cancelled();
  const failed = runs.find(({ state }) => state !== 'COMPLETED');
  if (!failed) return;
  const [error] = failed.errors;
  throw new UserError(
    'update-failed',
    error ? errorText(error) : t('The update of {0} ended as {1}.', failed.pipeline, failed.state),
    { hint: t('What is deployed stays. See the update: {0}', failed.url) },
  );
}

export function lakehouse(verbs: Command, run: Runner): void {
  verbs
    // Options of its own verbs have the same names.
    .enablePositionalOptions()
    .argument('[folder]', t('folder with databricks.yml'), '.')
    .option('--target <name>', t('target of the bundle, when not its default one'))
    .option('--plan', t('only show what would be done'))
    .option('--out <file>', t('only write what would be done to a file'))
    .option('--from <file>', t('do what a saved plan says, if nothing has changed since'))
    .option(
      '--var <name=value>',
      t('value of a variable of the bundle; may be given several times'),
      variable,
    )
    .option('--profile <name>', t('log in as this profile of ~/.databrickscfg says'))
    .option(
      '--yes',
      t('do not ask for a production target, or before what others changed there is overwritten'),
    )
    .option('--allow-delete', t('delete pipelines, with their tables, and jobs that left the bundle'))
    .option('--force-lock', t('go on although another deployment seems to run'))
    .option('--no-run', t('do not start an update of the pipelines'))
    .option('--full-refresh', t('the update computes all tables anew'))
    .option('--stop-on-cancel', t('at Ctrl-C the update is stopped; else it goes on there'))
    .action(run((context, folder: string, flags: Flags) => deployFolder(context, folder, flags)));
}
