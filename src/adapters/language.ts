/** Finds the translation for a locale; the bundles are those that VS Code uses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setLanguage } from '../core/l10n.ts';
import { resourceFolder } from './resources.ts';

let current = '';

/** The locale that was loaded last, for a process that is started from this one. */
export const currentLocale = (): string => current;

/** `locale` as in LANG (`pt_BR.UTF-8`) or VS Code (`pt-br`). Only Portuguese is translated; all else is English. */
export function loadLanguage(locale: string): void {
  current = locale;
  if (!/^pt\b|^pt[_-]/i.test(locale)) return;
  const text = readFileSync(join(resourceFolder(), 'l10n', 'bundle.l10n.pt-br.json'), 'utf8');
  setLanguage(JSON.parse(text) as Record<string, string>);
}
