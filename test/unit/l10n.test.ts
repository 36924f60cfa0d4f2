import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { currentLocale, setLanguage, t } from '../../src/core/l10n.ts';

const root = join(import.meta.dirname, '..', '..');

/** The English texts of every `t('…')` below src/. */
function texts(): Set<string> {
  const found = new Set<string>();
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const file = ts.createSourceFile(
      name,
      readFileSync(join(root, 'src', name), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') {
        for (const literal of literalsOf(node.arguments[0])) found.add(literal);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function literalsOf(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  return [];
}

const json = (path: string): Record<string, string> =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;
const holes = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();

describe('translations', () => {
  const bundle = json('l10n/bundle.l10n.pt-br.json');

  it('hold every text of the sources, in Portuguese', () => {
    assert.deepEqual([...texts()].filter((text) => !(text in bundle)).sort(), []);
  });

  it('keep the places of the arguments', () => {
    const wrong = Object.entries(bundle).filter(
      ([english, portuguese]) => holes(english).join() !== holes(portuguese).join(),
    );
    assert.deepEqual(wrong, []);
  });

  it('hold every string of the manifest', () => {
    assert.deepEqual(
      Object.keys(json('package.nls.pt-br.json')).sort(),
      Object.keys(json('package.nls.json')).sort(),
    );
  });
});

describe('t', () => {
  afterEach(() => {
    setLanguage({});
  });

  it('gives the translation with its arguments in place, and English where there is none', () => {
    setLanguage({ '{0} of {1}': '{1}, dos quais {0}' });
    assert.equal(t('{0} of {1}', 2, 'x'), 'x, dos quais 2');
    assert.equal(t('{0} rows', 3), '3 rows');
  });

  it('remembers the locale for a process that is started from this one', () => {
    setLanguage({}, 'pt_BR.UTF-8');
    assert.equal(currentLocale(), 'pt_BR.UTF-8');
  });
});
