/** schema check, register, rehearse: a draft before it is registered. */
import type { Command } from 'commander';
import { checkLines, checkSummary, clashText } from '../core/checkText.ts';
import { checkDraft, createDraft, type Draft } from '../core/drafts.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { rehearse } from '../core/rehearsal.ts';
import { rehearsalLines } from '../core/rehearsalText.ts';
import { mustBeSchema, parseReference, topicOf } from '../core/schemaFiles.ts';
import type { SchemaReference } from '../core/schemas.ts';
import { mustAgree } from './confirm.ts';
import { option, wholeNumber } from './options.ts';
import type { Context, Runner } from './verb.ts';

export interface DraftFlags {
  readonly subject: string;
  readonly reference?: readonly SchemaReference[];
}

export async function draftOf(
  { cluster, lakehouse }: Pick<Context, 'cluster' | 'lakehouse'>,
  path: string,
  flags: DraftFlags,
): Promise<Draft> {
  const schema = await lakehouse.files.readText(path);
  return createDraft(await cluster.registry(), {
    subject: flags.subject,
    type: mustBeSchema(path, schema),
    schema,
    ...(flags.reference === undefined ? {} : { references: flags.reference }),
  });
}

const ofDraft = (command: Command): Command =>
  command
    .argument('<file>', t('.avsc, .proto or .json'))
    .requiredOption('--subject <subject>', t('the subject it is for'))
    .option(
      '--reference <name=subject:version>',
      t('what it refers to; repeat it for each (default: what the newest version refers to)'),
      (text: string, before?: readonly SchemaReference[]) => [
        ...(before ?? []),
        option(parseReference)(text),
      ],
    );

export function check(schema: Command, run: Runner): void {
  ofDraft(schema.command('check'))
    .description(t('ask whether a draft goes with a subject; registers nothing'))
    .action(
      run(async ({ cluster, lakehouse, output }, path: string, flags: DraftFlags) => {
        const draft = await draftOf({ cluster, lakehouse }, path, flags);
        const found = await checkDraft(await cluster.registry(), draft);
        await output.result({ subject: draft.subject, ...found }, () => checkLines(draft, found).join('\n'));
        if (!found.compatible) throw new UserError('schema-incompatible', checkSummary(draft, found));
      }),
    );
}

export function register(schema: Command, run: Runner): void {
  ofDraft(schema.command('register'))
    .description(t('register a draft, after it was checked'))
    .option('--yes', t('do not ask'))
    .action(
      run(
        async (
          { cluster, lakehouse, output },
          path: string,
          { yes = false, ...flags }: DraftFlags & { readonly yes?: boolean },
        ) => {
          const draft = await draftOf({ cluster, lakehouse }, path, flags);
          const registry = await cluster.registry();
          const found = await checkDraft(registry, draft);
          if (!found.compatible) {
            throw new UserError('schema-incompatible', checkSummary(draft, found), {
              hint: [...found.clashes.map(clashText), ...found.messages].join('\n'),
            });
          }
          if (!output.json && !yes) process.stderr.write(`${checkLines(draft, found).join('\n')}\n`);
          await mustAgree(t('Register it for {0}?', draft.subject), yes);
          const id = await registry.register(draft.subject, draft.type, draft.schema, draft.references);
          const version = (await registry.versions(draft.subject)).find((one) => one.id === id)?.version;
          await output.result({ subject: draft.subject, id, version, changes: found.changes }, () =>
            t('{0} is registered: version {1}, id {2}.', draft.subject, version ?? '', id),
          );
        },
      ),
    );
}

interface RehearseFlags extends DraftFlags {
  readonly topic?: string;
  readonly limit?: number;
}

export function rehearseFile(schema: Command, run: Runner): void {
  ofDraft(schema.command('rehearse'))
    .description(t('try a draft on the stored messages and on the pipeline; changes nothing'))
    .option('--topic <topic>', t('whose messages (default: by the subject)'))
    .option('--limit <n>', t('only so many of the newest messages'), wholeNumber)
    .action(
      run(
        async (
          { cluster, lakehouse, output, signal },
          path: string,
          { topic, limit, ...flags }: RehearseFlags,
        ) => {
          const draft = await draftOf({ cluster, lakehouse }, path, flags);
          const found = await rehearse(
            cluster,
            { draft, topic: topic ?? topicOf(draft.subject), ...(limit === undefined ? {} : { limit }) },
            output.onEvent,
            signal,
          );
          await output.result(found, () => rehearsalLines(found).join('\n'));
        },
      ),
    );
}
