import { equationFailed } from '../core/pipeline.ts';
import { t } from '../core/l10n.ts';
import { runText } from './runText.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly fullRefresh?: boolean;
  readonly project?: string;
}

export const run: Verb = (program, wrap) => {
  program
    .command('run')
    .description(t('run the pipeline: bronze, silver, gold'))
    .option('--full-refresh', t('rebuild silver and gold from bronze'))
    .option('--project <dir>', t('folder of a project, when it is not the one that ships with the product'))
    .action(
      wrap(async ({ lakehouse, output, signal }, { fullRefresh = false, project }: Options) => {
        const options = { fullRefresh, ...(project === undefined ? {} : { project }) };
        const result = await lakehouse.pipeline.run(
          await lakehouse.endpoints(),
          options,
          output.onEvent,
          signal,
        );
        if (result.upToDate)
          output.onEvent({ type: 'message', level: 'info', message: t('Nothing new since the last run.') });
        await output.result(result, () => runText(result));
        if (!result.equationHolds) throw equationFailed(result);
      }),
    );
};
