/** Builds everything for the terminal. */
import { Command, CommanderError, Option } from 'commander';
import { createCluster } from './adapters/cluster.ts';
import { loadLanguage } from './adapters/language.ts';
import { createLakehouse } from './adapters/lakehouse.ts';
import { settingsFromEnvironment } from './adapters/environment.ts';
import { mustTakeConnection, VERBS } from './terminal/verbs.ts';
import { createOutput, reportFailure } from './terminal/output.ts';
import type { ClusterAccess } from './core/access.ts';
import { accessOf, findingsOf } from './core/connections.ts';
import { UserError } from './core/errors.ts';
import { t } from './core/l10n.ts';
import { translateHelp } from './terminal/help.ts';
import { muteDeprecation } from './terminal/muteDeprecation.ts';
import type { Runner } from './terminal/verb.ts';

const GLOBAL: readonly string[] = ['home', 'json', 'connection'];
interface GlobalFlags {
  readonly home?: string;
  readonly json?: boolean;
  /** Path of a client.properties. */
  readonly connection?: string;
}

/** --home, --json and --connection may stand before or after the verb, and after a verb's own verb. */
function takeAnywhere(program: Command, parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().showHelpAfterError();
    for (const flags of ['--home <dir>', '--json', '--connection <file>']) {
      command.addOption(new Option(flags).hideHelp());
    }
    command.hook('preAction', () => {
      for (const [key, value] of Object.entries(command.opts())) {
        if (GLOBAL.includes(key)) program.setOptionValue(key, value);
      }
    });
    takeAnywhere(program, command);
  }
}

/** What a client.properties says; what it says in vain is told. */
async function accessFrom(path: string): Promise<ClusterAccess> {
  const { readClientProperties } = await import('./adapters/connectionFiles.ts');
  const imported = await readClientProperties(path);
  const [left] = imported.left;
  if (left) throw new UserError('bad-properties', `${path}: ${left.key}`, { hint: left.why });
  const [finding] = findingsOf(imported.profile, []);
  if (finding) throw new UserError('bad-connection', `${path}: ${finding.field}`, { hint: finding.problem });
  // It has no name that the editor knows.
  return accessOf({ ...imported, profile: { ...imported.profile, id: '' } });
}

async function main(): Promise<number> {
  // The Thrift package still calls Buffer(); that is no matter of the person's.
  muteDeprecation('DEP0005');
  loadLanguage(process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || '');
  const program = new Command('orders-lakehouse')
    .addOption(new Option('--home <dir>', t('folder of the sandbox')))
    .addOption(
      new Option('--json', t('one JSON document on standard output; events as JSON lines on standard error')),
    )
    .addOption(
      new Option(
        '--connection <file>',
        t("another Kafka than the sandbox's: a client.properties, as Kafka's own tools take it"),
      ),
    )
    // What stands behind a verb is the verb's, also where the verb above it has an option of that name.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError();
  translateHelp(program);
  let exitCode = 0;

  const run: Runner =
    (action) =>
    async (...args) => {
      const { home, json = false, connection } = program.opts<GlobalFlags>();
      const controller = new AbortController();
      const abort = (): void => {
        controller.abort();
      };
      process.on('SIGINT', abort).on('SIGTERM', abort);
      const lakehouse = createLakehouse({
        ...(home === undefined ? {} : { home }),
        settings: settingsFromEnvironment(),
      });
      const other = connection === undefined ? undefined : createCluster(() => accessFrom(connection));
      try {
        if (other) mustTakeConnection(program.args);
        await action(
          {
            lakehouse,
            cluster: other ?? lakehouse,
            databricks: async () =>
              (await import('./adapters/databricks.ts')).createDatabricks(lakehouse.home),
            bundle: async (folder, besides = []) =>
              (await import('./adapters/bundle.ts')).createBundleProject(folder, process.env, besides),
            parity: async () => (await import('./adapters/parity.ts')).createParity(),
            output: createOutput(json),
            signal: controller.signal,
          },
          ...args,
        );
      } catch (error) {
        exitCode = reportFailure(error, json);
      } finally {
        await Promise.all([lakehouse.close(), other?.close()]);
        process.off('SIGINT', abort).off('SIGTERM', abort);
      }
    };

  for (const verb of VERBS) verb(program, run);
  takeAnywhere(program, program);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}

void main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = reportFailure(error, process.argv.includes('--json'));
  },
);
