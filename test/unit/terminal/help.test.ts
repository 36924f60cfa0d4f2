import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { setLanguage, type Bundle } from '../../../src/core/l10n.ts';
import { translateHelp } from '../../../src/terminal/help.ts';
import type { Runner } from '../../../src/terminal/verb.ts';
import { VERBS } from '../../../src/terminal/verbs.ts';

const BUNDLE = join(import.meta.dirname, '..', '..', '..', 'l10n', 'bundle.l10n.pt-br.json');

function program(bundle: Bundle): Command {
  setLanguage(bundle);
  const made = new Command('orders-lakehouse');
  translateHelp(made);
  const run: Runner = () => () => Promise.resolve();
  for (const verb of VERBS) verb(made, run);
  return made;
}

/** Every description in the help of the verbs, and of the verbs' own verbs. */
const descriptions = (made: Command): string[] =>
  made.commands.flatMap((verb) => [
    verb.description(),
    ...[...verb.options, ...verb.registeredArguments].map((one) => one.description),
    ...descriptions(verb),
  ]);

describe('the help of the verbs', () => {
  const portuguese = JSON.parse(readFileSync(BUNDLE, 'utf8')) as Bundle;
  afterEach(() => {
    setLanguage({});
  });

  it('describes every verb and option in the language of the terminal', () => {
    const english = descriptions(program({})).filter((text) => text !== '');
    const translated = new Set(descriptions(program(portuguese)));
    assert.ok(english.length > 30);
    assert.deepEqual(
      english.filter((text) => translated.has(text)),
      [],
    );
  });

  it('has the words of the help itself in that language too', () => {
    const made = program(portuguese);
    const verb = made.commands.find((one) => one.name() === 'logs');
    const help = `${made.helpInformation()}${verb?.helpInformation() ?? ''}`;
    for (const word of ['Uso:', 'Argumentos:', 'Opções:', 'Comandos:', 'opções: ', 'padrão: 100'])
      assert.ok(help.includes(word), word);
    assert.doesNotMatch(help, /Usage|Options|Commands|display|default|choices/);
  });
});
