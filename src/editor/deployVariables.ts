/** Variables of a bundle that have no value yet, and what may be given for them; free of VS Code. */
import type { Finding } from '../core/bundle/findings.ts';
import { isUserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

export type MissingVariable = NonNullable<Finding['variable']>;

/** `instanceof` does not hold across bundle files. */
export const findingsOf = (error: unknown): readonly Finding[] =>
  isUserError(error) && 'findings' in error ? (error.findings as readonly Finding[]) : [];

/** Those that a person may be asked for; none when something else is wrong as well. */
export function missingVariables(error: unknown): readonly MissingVariable[] {
  const found = findingsOf(error);
  const variables = found.flatMap(({ variable }) => (variable ? [variable] : []));
  return variables.length === found.length ? variables : [];
}

/** By its name: `kafka_password`, but not `kafka_password_name` nor `secret_scope`, which name where one lies. */
const looksSecret = (name: string): boolean =>
  /(^|[_-])(pass(word|wd|phrase)?|secret|token|credentials?|api_?key|access_?key|private_?key)$/i.test(name);

/** What keeps a value from being taken; undefined: nothing. A secret is only ever referred to. */
export function variableProblem(name: string, value: string): string | undefined {
  if (value.trim() === '') return t('A value is needed.');
  if (looksSecret(name) && !/^\{\{secrets\/[^/{}\s]+\/[^/{}\s]+\}\}$/.test(value.trim())) {
    return t(
      'A bundle holds no secrets: put it into a secret scope, and give {0} here.',
      '{{secrets/scope/key}}',
    );
  }
  return undefined;
}
