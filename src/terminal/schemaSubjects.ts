/** schema list, show, diff, delete, compatibility: what the registry holds. */
import { Argument, type Command } from 'commander';
import { parseAvro } from '../core/avroTypes.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { SubjectRegistry } from '../core/ports.ts';
import { changeText, diffAvro } from '../core/schemaDiff.ts';
import { prettySchema } from '../core/schemaFiles.ts';
import { COMPATIBILITY_LEVELS, type CompatibilityLevel, type SubjectVersion } from '../core/schemas.ts';
import { diffLines, diffText } from '../core/textDiff.ts';
import { mustAgree } from './confirm.ts';
import { wholeNumber } from './options.ts';
import { draftOf } from './schemaDrafts.ts';
import { textTable } from './textTable.ts';
import type { Context, Runner } from './verb.ts';

function versionAmong(versions: readonly SubjectVersion[], subject: string, number?: number): SubjectVersion {
  const found = number === undefined ? versions.at(-1) : versions.find(({ version }) => version === number);
  if (found) return found;
  throw new UserError('unknown-subject', t('{0} has no version {1}.', subject, number ?? ''), {
    hint: t('It has: {0}', versions.map(({ version }) => version).join(', ')),
  });
}

export function list(schema: Command, run: Runner): void {
  schema
    .command('list')
    .description(t('list the subjects, their versions and their compatibility'))
    .action(
      run(async ({ cluster, output }) => {
        const registry = await cluster.registry();
        const subjects = await Promise.all(
          (await registry.subjects()).toSorted().map(async (subject) => {
            const versions = await registry.versions(subject);
            const { type, id } = versionAmong(versions, subject);
            const numbers = versions.map(({ version }) => version);
            return {
              subject,
              type,
              id,
              versions: numbers,
              compatibility: await registry.compatibility(subject),
            };
          }),
        );
        await output.result({ subjects }, () =>
          subjects.length === 0
            ? t('No subjects yet.')
            : textTable(
                [
                  { name: t('subject'), type: 'string' },
                  { name: t('type'), type: 'string' },
                  { name: t('versions'), type: 'string' },
                  { name: t('newest id'), type: 'int' },
                  { name: t('compatibility'), type: 'string' },
                ],
                subjects.map((one) => [
                  one.subject,
                  one.type,
                  one.versions.join(', '),
                  one.id,
                  one.compatibility,
                ]),
              ),
        );
      }),
    );
}

export function show(schema: Command, run: Runner): void {
  schema
    .command('show')
    .description(t('show a schema of a subject'))
    .argument('<subject>')
    .option('--version <n>', t('this version (default: the newest)'), wholeNumber)
    .action(
      run(async ({ cluster, output }, subject: string, { version }: { readonly version?: number }) => {
        const registry = await cluster.registry();
        const found = versionAmong(await registry.versions(subject), subject, version);
        const { refersTo = [] } = found;
        await output.result(found, () =>
          [
            t('{0}, version {1}, {2}, id {3}', subject, found.version, found.type, found.id),
            ...refersTo.map((one) =>
              t('refers to {0}: {1}, version {2}', one.name, one.subject, one.version),
            ),
            prettySchema(found.schema),
          ].join('\n'),
        );
      }),
    );
}

/** A version by its number, or a file. */
async function sideOf(
  context: Pick<Context, 'cluster' | 'lakehouse'>,
  registry: SubjectRegistry,
  subject: string,
  versions: readonly SubjectVersion[],
  text: string | undefined,
): Promise<Pick<SubjectVersion, 'type' | 'schema' | 'references'> & { readonly name: string }> {
  if (text !== undefined && !/^\d+$/.test(text)) {
    const draft = await draftOf(context, text, { subject });
    return { ...draft, references: await registry.referenced(draft.references), name: text };
  }
  const found = versionAmong(versions, subject, text === undefined ? undefined : Number(text));
  return { ...found, name: t('version {0}', found.version) };
}

export function diff(schema: Command, run: Runner): void {
  schema
    .command('diff')
    .description(t('tell what changed between two schemas and, of Avro, who can still read whom'))
    .argument('<subject>')
    .argument('[a]', t('a version; alone, it or a file is held against the newest'))
    .argument('[b]', t('a version, or a file'))
    .action(
      run(
        async (
          { cluster, lakehouse, output },
          subject: string,
          a: string | undefined,
          b: string | undefined,
        ) => {
          const registry = await cluster.registry();
          const versions = await registry.versions(subject);
          const file = a !== undefined && !/^\d+$/.test(a);
          const first = file ? undefined : (a ?? versions.at(-2)?.version.toString());
          const before = await sideOf({ cluster, lakehouse }, registry, subject, versions, first);
          const after = await sideOf({ cluster, lakehouse }, registry, subject, versions, file ? a : b);
          const what = { subject, from: before.name, to: after.name };
          const title = t('{0}: from {1} to {2}', subject, before.name, after.name);
          if (before.type !== 'AVRO' || after.type !== 'AVRO') {
            const lines = diffLines(diffText(prettySchema(before.schema), prettySchema(after.schema)));
            await output.result({ ...what, by: 'text', lines }, () =>
              [
                title,
                t('Compared by their text: only of Avro schemas it is told for whom a change is safe.'),
                ...(lines.length === 0 ? [t('Nothing changed.')] : lines),
              ].join('\n'),
            );
            return;
          }
          const changes = diffAvro(
            parseAvro(before.schema, before.references),
            parseAvro(after.schema, after.references),
          );
          await output.result({ ...what, by: 'meaning', changes }, () =>
            [
              title,
              ...(changes.length === 0
                ? [t('Nothing changed.')]
                : changes.map((one) => `  ${changeText(one)}`)),
            ].join('\n'),
          );
        },
      ),
    );
}

interface DeleteFlags {
  readonly version?: number;
  readonly permanent?: boolean;
  readonly yes?: boolean;
}

export function remove(schema: Command, run: Runner): void {
  schema
    .command('delete')
    .description(t('delete a version or a whole subject; readers of old messages still find it'))
    .argument('<subject>')
    .option('--version <n>', t('only this version'), wholeNumber)
    .option('--permanent', t('for good: the pipeline can no longer decode what was written with it'))
    .option('--yes', t('do not ask'))
    .action(
      run(
        async (
          { cluster, output },
          subject: string,
          { version, permanent = false, yes = false }: DeleteFlags,
        ) => {
          const registry = await cluster.registry();
          const what = version === undefined ? subject : t('{0}, version {1}', subject, version);
          await mustAgree(
            permanent
              ? t('Delete {0} for good? The pipeline can no longer decode what was written with it.', what)
              : t('Delete {0}?', what),
            yes,
          );
          if (version === undefined) await registry.deleteSubject(subject, permanent);
          else await registry.deleteVersion(subject, version, permanent);
          await output.result({ subject, version: version ?? null, permanent }, () =>
            t('{0} is deleted.', what),
          );
        },
      ),
    );
}

export function compatibility(schema: Command, run: Runner): void {
  schema
    .command('compatibility')
    .description(t('show which changes a subject takes, or set it'))
    .argument('<subject>')
    .addArgument(new Argument('[level]', t('the new level')).choices(COMPATIBILITY_LEVELS))
    .action(
      run(async ({ cluster, output }, subject: string, level: CompatibilityLevel | undefined) => {
        const registry = await cluster.registry();
        if (level !== undefined) await registry.setCompatibility(subject, level);
        const now = await registry.compatibility(subject);
        await output.result({ subject, compatibility: now }, () => `${subject}: ${now}`);
      }),
    );
}
