/** The folder of a bundle: YAML with places, and which files belong to it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBundleProject } from '../../../../src/adapters/bundle.ts';
import { parseYaml } from '../../../../src/adapters/bundle/yamlTree.ts';
import type { BundleError } from '../../../../src/core/bundle/findings.ts';
import { at, jsonOf } from '../../../../src/core/bundle/tree.ts';

describe('YAML of a bundle', () => {
  it('knows where each value stands', () => {
    const tree = parseYaml('a:\n  b: 1\n  c: [x, "y"]\n', 'f.yml');
    assert.deepEqual(at(tree, 'a', 'b')?.place, { file: 'f.yml', line: 2, column: 6 });
    assert.deepEqual(jsonOf(tree), { a: { b: 1, c: ['x', 'y'] } });
  });
  it('follows anchors and merges, what is said itself first', () => {
    const tree = parseYaml('base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo: *b\n', 'f.yml');
    assert.deepEqual(jsonOf(tree), { base: { x: 1, y: 2 }, one: { x: 1, y: 3 }, two: { x: 1, y: 2 } });
  });
  it('says where it is none', () => {
    for (const [text, line] of [
      ['a: [1\nb: 2\n', 2],
      ['a: 1\na: 2\n', 2],
      ['a: *none\n', 1],
    ] as const) {
      assert.throws(
        () => parseYaml(text, 'f.yml'),
        (error: BundleError) => {
          assert.equal(error.code, 'bad-yaml');
          assert.equal(error.findings[0]?.place?.line, line, text);
          return true;
        },
      );
    }
  });
});

describe('files of a bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-bundle-files-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const put = (...paths: readonly string[]): void => {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), path.endsWith('.gitignore') ? '*.log\n/build\n!keep.log\n' : path);
    }
  };
  const sync = (rules: { paths?: string[]; include?: string[]; exclude?: string[] } = {}) =>
    createBundleProject(folder).syncFiles({ paths: [], include: [], exclude: [], ...rules });

  it('leaves out what .gitignore says, Git and the official command line; and follows no link', async () => {
    put(
      'a.py',
      'x.log',
      'keep.log',
      'build/y.py',
      'sub/build/z.py',
      '.git/config',
      '.databricks/b/state.json',
      '.gitignore',
    );
    symlinkSync('/etc', join(folder, 'etc'));
    assert.deepEqual(await sync(), ['.gitignore', 'a.py', 'keep.log', 'sub/build/z.py']);
  });
  it('takes the paths, what is included in spite of all, and never what is excluded', async () => {
    put('lake/a.py', 'lake/b.log', 'lake/__pycache__/a.pyc', 'lakes/c.py', 'build/lib.txt', '.gitignore');
    assert.deepEqual(await sync({ paths: ['./lake/'], exclude: ['**/__pycache__/**'] }), ['lake/a.py']);
    assert.deepEqual(
      await sync({ paths: ['lake'], include: ['build/*.txt', '*.log'], exclude: ['__pycache__/'] }),
      ['build/lib.txt', 'lake/a.py', 'lake/b.log'],
    );
  });
  it('leaves out what lies in the folder and is not of the project, such as a saved plan', async () => {
    put('a.py', 'plan.json');
    const project = createBundleProject(folder, {}, [join(folder, 'plan.json'), 'elsewhere.json']);
    assert.deepEqual(await project.syncFiles({ paths: [], include: [], exclude: [] }), ['a.py']);
  });
  it('finds what an include names', async () => {
    put('resources/b.yml', 'resources/a.yml', 'resources/deep/c.yml', 'other.yml', 'resources/x.txt');
    const project = createBundleProject(folder);
    assert.deepEqual(await project.glob('resources/*.yml'), ['resources/a.yml', 'resources/b.yml']);
    assert.deepEqual(await project.glob('./resources/**/*.yml'), [
      'resources/a.yml',
      'resources/b.yml',
      'resources/deep/c.yml',
    ]);
    assert.deepEqual(await project.glob('other.yml'), ['other.yml']);
  });
  it('knows a holder that has ended from one that lives, on this machine only', async () => {
    const project = createBundleProject(folder);
    const me = await project.holder();
    assert.equal(await project.isGone(me), false);
    assert.equal(await project.isGone({ ...me, startTime: 'another' }), true);
    assert.equal(await project.isGone({ ...me, startTime: 'another', machine: 'elsewhere' }), false);
  });
});
