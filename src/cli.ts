/** Builds everything for the terminal. */
import { Command, CommanderError, Option } from 'commander';
import { loadLanguage } from './adapters/language.ts';
import { createLakehouse } from './adapters/lakehouse.ts';
import { settingsFromEnvironment } from './adapters/environment.ts';
import { VERBS } from './terminal/verbs.ts';
import { createOutput, reportFailure } from './terminal/output.ts';
import { t } from './core/l10n.ts';
import { translateHelp } from './terminal/help.ts';
import { muteDeprecation } from './terminal/muteDeprecation.ts';
import type { Runner } from './terminal/verb.ts';

/** --home and --json may stand before or after the verb, and after a verb's own verb. */
function takeAnywhere(program: Command, parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().showHelpAfterError();
    command.addOption(new Option('--home <dir>').hideHelp()).addOption(new Option('--json').hideHelp());
    command.hook('preAction', () => {
      for (const [key, value] of Object.entries(command.opts())) {
        if (key === 'home' || key === 'json') program.setOptionValue(key, value);
      }
    });
    takeAnywhere(program, command);
  }
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
    .exitOverride()
    .showHelpAfterError();
  translateHelp(program);
  let exitCode = 0;

  const run: Runner =
    (action) =>
    async (...args) => {
      const { home, json = false } = program.opts<{ home?: string; json?: boolean }>();
      const controller = new AbortController();
      const abort = (): void => {
        controller.abort();
      };
      process.on('SIGINT', abort).on('SIGTERM', abort);
      const lakehouse = createLakehouse({
        ...(home === undefined ? {} : { home }),
        settings: settingsFromEnvironment(),
      });
      try {
        await action({ lakehouse, output: createOutput(json), signal: controller.signal }, ...args);
      } catch (error) {
        exitCode = reportFailure(error, json);
      } finally {
        await lakehouse.close();
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
