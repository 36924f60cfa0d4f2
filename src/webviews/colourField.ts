/** The colour of a connection or a workspace, to be chosen. */
import type { Colour } from '../wire/connection.ts';
import { choiceField, type Field } from './connectionFields.ts';
import { t } from './host.ts';

export const colourField = (help: string): Field & { value: Colour } =>
  choiceField<Colour>(
    t('Colour'),
    [
      ['none', t('None')],
      ['blue', t('Blue')],
      ['green', t('Green')],
      ['yellow', t('Yellow')],
      ['orange', t('Orange')],
      ['red', t('Red')],
      ['purple', t('Purple')],
    ],
    help,
  );
