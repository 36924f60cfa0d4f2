/** deploy, and deploy notebook. */
import { applyNotebook, planNotebook, type DeployPlan } from '../core/databricks/deploy.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { confirmed } from './confirm.ts';
import { lakehouse } from './deployLakehouse.ts';
import {
  mustBeRunnable,
  mustFit,
  mustHaveSucceeded,
  parameter,
  runDeployed,
  runText,
  type RunDocument,
  type RunFlags,
} from './deployRun.ts';
import { gathering } from './options.ts';
import { check } from './deployCheck.ts';
import { compare } from './deployCompare.ts';
import type { Context, Verb } from './verb.ts';

interface Flags extends RunFlags {
  readonly to: string;
  readonly plan?: boolean;
  readonly profile?: string;
  readonly yes?: boolean;
}

function planText({ state, path, host, user, folders, diff }: DeployPlan): string {
  const what = {
    new: t('{0} is new.', path),
    same: t('{0} is the same as the file.', path),
    differs: t('{0} differs from the file.', path),
  }[state];
  return [
    t('{0} as {1}', host, user),
    ...[...folders].reverse().map((folder) => t('The folder {0} is made.', folder)),
    what,
    ...(state === 'differs' ? [diff ?? t('There is too much of a difference to show it.')] : []),
  ].join('\n');
}

/** Throws UserError `would-overwrite`, `not-confirmed`. */
async function mayOverwrite({ output }: Context, { path }: DeployPlan): Promise<void> {
  const told = t('What is at {0} was not deployed from here.', path);
  if (output.json || !process.stdin.isTTY) {
    throw new UserError('would-overwrite', told, {
      hint: t('Nothing was written. See the difference with --plan; overwrite it with --yes.'),
    });
  }
  if (!(await confirmed(`${told} ${t('Overwrite it? [y/N]')}`))) {
    throw new UserError('not-confirmed', t('Nothing was written.'));
  }
}

const notebook: Verb = (deploy, run) => {
  deploy
    .command('notebook')
    .argument('<file>', t('.ipynb, or a source notebook: .py, .sql, .scala, .r'))
    .requiredOption('--to <path>', t("path of the workspace, such as /Shared/orders or '~/orders'"))
    .description(t('put a notebook into a workspace of Azure Databricks; shows first what differs there'))
    .option('--plan', t('only show what would be done'))
    .option('--profile <name>', t('log in as this profile of ~/.databrickscfg says'))
    .option('--yes', t('overwrite what was not deployed from here'))
    .option('--run', t('then run it, and wait for its end'))
    .option('--cluster <id>', t('on this all-purpose compute (without: serverless)'))
    .option(
      '--param <name=value>',
      t('a parameter of the run; may stand several times'),
      gathering(parameter),
    )
    .action(
      run(async (context, file: string, flags: Flags) => {
        const { to, plan: only = false, profile, yes = false } = flags;
        mustFit(flags);
        const { lakehouse, output, signal } = context;
        const databricks = await context.databricks();
        const text = await lakehouse.files.readText(file);
        const login = databricks.login(profile === undefined ? {} : { profile });
        const workspace = databricks.workspace(login, output.onEvent, signal);
        const plan = await planNotebook(databricks, workspace, { file, text, to });
        const { host, user, path, url, state, folders, diff, ours } = plan;
        const { format, language } = plan.notebook;
        mustBeRunnable(plan.notebook, flags);
        const document = { host, user, file, path, url, format, language, state, folders, ours, diff };
        if (only) {
          await output.result({ ...document, written: false }, () => planText(plan));
          return;
        }
        output.onEvent({ type: 'message', level: 'info', message: planText(plan) });
        if (state === 'differs' && !ours && !yes) await mayOverwrite(context, plan);
        const { written, seen } = await applyNotebook(databricks, workspace, plan, signal);
        if (!seen) {
          const message = t('{0} was taken, but the workspace still shows something else there.', path);
          output.onEvent({ type: 'message', level: 'warning', message });
        }
        const told = written ? t('Deployed: {0}', url) : t('Nothing to do: {0}', url);
        let ran: RunDocument | undefined;
        if (flags.run) {
          output.onEvent({ type: 'message', level: 'info', message: told });
          ran = await runDeployed(context, workspace, { file, path, notebook: plan.notebook }, flags);
        }
        await output.result({ ...document, written, seen, ...(ran ? { run: ran } : {}) }, () =>
          ran ? runText(ran) : told,
        );
        if (ran) mustHaveSucceeded(ran);
      }),
    );
};

export const deploy: Verb = (program, run) => {
  const verbs = program.command('deploy').description(t('put work from here into Azure Databricks'));
  lakehouse(verbs, run);
  notebook(verbs, run);
  check(verbs, run);
  compare(verbs, run);
};
