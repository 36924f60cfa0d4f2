/** project create: a pipeline and a bundle of one's own. */
import { createProject, projectText } from '../core/project.ts';
import { t } from '../core/l10n.ts';
import type { Verb } from './verb.ts';

export const project: Verb = (program, run) => {
  const verbs = program.command('project').description(t('a lakehouse project of your own'));
  verbs
    .command('create')
    .argument('<folder>', t('where it shall be'))
    .description(t('copy the pipeline, and the Databricks bundle that deploys it, into a folder'))
    .action(
      run(async ({ lakehouse, output }, folder: string) => {
        const made = await createProject(await lakehouse.projects(), folder);
        await output.result(made, () =>
          [
            projectText(made),
            t('Run it in the sandbox: orders-lakehouse run --project {0}', JSON.stringify(made.folder)),
          ].join('\n'),
        );
      }),
    );
};
