/** snapshot and restore: a sandbox in one file, and back, in either runtime. */
import { Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Settings } from '../core/settings.ts';
import { contentLines, type Manifest } from '../core/snapshot.ts';
import { lessonOf, restoreSnapshot, takeSnapshot } from '../core/takeSnapshot.ts';
import { confirmed } from './confirm.ts';
import type { Verb } from './verb.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const contentText = (manifest: Manifest): readonly string[] =>
  (contentLines(manifest) ?? []).map((line) => `  ${line}`);

export const snapshot: Verb = (program, run) => {
  program
    .command('snapshot')
    .argument('[file]', t('the file to write; without one, the start of the lesson is kept in the home'))
    .description(t('write topics, schemas, tables and checkpoints to one file'))
    .option('--force', t('replace a file that is there'))
    .action(
      run(
        async (
          { lakehouse, output, signal },
          file: string | undefined,
          { force = false }: { force?: boolean },
        ) => {
          const options = { force, ...(file === undefined ? {} : { file }) };
          const taken = await takeSnapshot(lakehouse, options, output.onEvent, signal);
          await output.result(taken, () =>
            [
              file === undefined
                ? t(
                    'The start of the lesson is kept in {0} ({1} MB).',
                    taken.file,
                    megabytes(taken.fileBytes),
                  )
                : t('The snapshot is {0} ({1} MB).', taken.file, megabytes(taken.fileBytes)),
              ...contentText(taken.manifest),
              ...(file === undefined ? [t('Go back to it: orders-lakehouse restore')] : []),
            ].join('\n'),
          );
        },
      ),
    );
};

interface RestoreOptions {
  readonly runtime?: Settings['runtime'];
  readonly yes?: boolean;
}

export const restore: Verb = (program, run) => {
  program
    .command('restore')
    .argument('[file]', t('a snapshot; without one, the start of the lesson'))
    .description(t('put back what a snapshot holds; what the home holds now goes'))
    .addOption(
      new Option('--runtime <name>', t('which runtime shall hold it')).choices([
        'auto',
        'embedded',
        'docker',
      ]),
    )
    .option('--yes', t('do not ask'))
    .action(
      run(
        async (
          { lakehouse, output, signal },
          file: string | undefined,
          { runtime, yes = false }: RestoreOptions,
        ) => {
          const snapshots = await lakehouse.snapshots();
          // Before the question: a file that cannot be restored is none to give data up for.
          await snapshots.inspect(file ?? lessonOf(snapshots));
          let replace = yes;
          if (!yes && process.stdin.isTTY && snapshots.holdsData()) {
            replace = await confirmed(
              t('This replaces all topics, schemas and tables in {0}. Continue? [y/N]', lakehouse.home),
            );
            if (!replace) throw new UserError('not-confirmed', t('Nothing was replaced.'));
          }
          const options = {
            replace,
            ...(runtime === undefined ? {} : { runtime }),
            ...(file === undefined ? {} : { file }),
          };
          const restored = await restoreSnapshot(lakehouse, options, output.onEvent, signal);
          await output.result(restored, () =>
            [
              t('Restored from {0}, taken {1}:', restored.file, restored.manifest.created),
              ...contentText(restored.manifest),
              ...(restored.status.state === 'stopped' ? [t('Start it: orders-lakehouse up')] : []),
            ].join('\n'),
          );
        },
      ),
    );
};
