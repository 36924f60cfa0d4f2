/** Finds the translation for a locale; the bundles are those that VS Code uses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setLanguage, type Bundle } from '../core/l10n.ts';
import { resourceFolder } from './resources.ts';

/** `locale` as in LANG (`pt_BR.UTF-8`) or VS Code (`pt-br`). Only Portuguese is translated; all else is English. */
export function loadLanguage(locale: string): void {
  const portuguese = /^pt\b|^pt[_-]/i.test(locale);
  setLanguage(portuguese ? readBundle('pt-br') : {}, locale);
}

function readBundle(name: string): Bundle {
  const path = join(resourceFolder(), 'l10n', `bundle.l10n.${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Bundle;
}
