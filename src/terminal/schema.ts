/** schema: the subjects of the registry, and drafts before they are registered. */
import { t } from '../core/l10n.ts';
import { check, register, rehearseFile } from './schemaDrafts.ts';
import { compatibility, diff, list, remove, show } from './schemaSubjects.ts';
import type { Verb } from './verb.ts';

export const schema: Verb = (program, run) => {
  const made = program.command('schema').description(t('look after the schemas of the registry'));
  for (const verb of [list, show, diff, check, rehearseFile, register, remove, compatibility])
    verb(made, run);
};
