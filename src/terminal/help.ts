/** The words that commander itself puts into a help text; what it says of wrong use stays English. */
import type { Command } from 'commander';
import { t } from '../core/l10n.ts';

/** Before the verbs are added: they take it over from the program. */
export function translateHelp(program: Command): void {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t('Usage:'),
    'Arguments:': t('Arguments:'),
    'Options:': t('Options:'),
    'Commands:': t('Commands:'),
  };
  const words: Readonly<Record<string, string>> = { choices: t('choices'), default: t('default') };
  program
    .helpOption('-h, --help', t('display help for command'))
    .helpCommand('help [command]', t('display help for command'))
    .configureHelp({
      styleTitle: (title) => titles[title] ?? title,
      styleDescriptionText: (text) =>
        text.replace(/(?<=\(|, )(choices|default)(?=: )/g, (word) => words[word] ?? word),
    });
}
