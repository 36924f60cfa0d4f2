import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const src = join(import.meta.dirname, '..', '..', 'src');

/** What a file imports when it is loaded: types and import() left out. */
function importsOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return file.statements
    .filter((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
    .filter((one) => !/^(import|export) type\b/.test(one.getText(file)))
    .flatMap(({ moduleSpecifier: from }) => (from && ts.isStringLiteral(from) ? [from.text] : []));
}

/** Everything that is loaded with a file: files of src/ by their path in it, the others by name. */
function loadedWith(path: string, found = new Set<string>()): Set<string> {
  found.add(relative(src, path));
  for (const name of importsOf(path)) {
    const target = join(dirname(path), name);
    if (!name.startsWith('.')) found.add(name);
    else if (!found.has(relative(src, target))) loadedWith(target, found);
  }
  return found;
}

describe('the extension', () => {
  const loaded = loadedWith(join(src, 'extension.ts'));

  it('is activated without any package', () => {
    const packages = [...loaded].filter((name) => !/\.ts$|^node:|^vscode$/.test(name));
    assert.deepEqual(packages, []);
    assert.ok(loaded.has('editor/commands.ts'));
  });

  it('is activated without what starts, installs and supervises the sandbox, or runs the pipeline', () => {
    const heavy =
      /^adapters\/(embedded\.ts|spark\.ts|doctor|embedded\/(install|python|parts)|supervisor\/part)/;
    assert.deepEqual(
      [...loaded].filter((name) => heavy.test(name)),
      [],
    );
    assert.match('adapters/embedded/installJars.ts', heavy);
  });
});
