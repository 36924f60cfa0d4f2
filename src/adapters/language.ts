/** Finds the translation for a locale; the bundles are those that VS Code uses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setLanguage } from '../core/l10n.ts';
import { resourceFolder } from './resources.ts';

/** `locale` as in LANG (`pt_BR.UTF-8`) or VS Code (`pt-br`). Only Portuguese is translated; all else is English. */
export async function loadLanguage(locale: string): Promise<void> {
  if (!/^pt\b|^pt[_-]/i.test(locale)) return;
  const text = await readFile(join(resourceFolder(), 'l10n', 'bundle.l10n.pt-br.json'), 'utf8');
  setLanguage(JSON.parse(text) as Record<string, string>);
}
