import assert from 'node:assert/strict';
import { comparable, nameOf, notebookOf } from '../../../../src/core/databricks/notebooks.ts';
import { addressOf, foldersAbove, notebookPath } from '../../../../src/core/databricks/paths.ts';

describe('a notebook of this machine', () => {
  it('is known by its ending, and a source by its first line', () => {
    const kinds = [
      ['a.py', '# Databricks notebook source\nx', 'SOURCE', 'PYTHON'],
      ['a.SQL', '\uFEFF-- Databricks notebook source\r\nx', 'SOURCE', 'SQL'],
      ['a.scala', '// Databricks notebook source', 'SOURCE', 'SCALA'],
      ['a.r', '# Databricks notebook source\nx', 'SOURCE', 'R'],
      ['a.ipynb', '{"cells": []}', 'JUPYTER', 'PYTHON'],
    ] as const;
    for (const [file, text, format, language] of kinds) {
      const found = notebookOf(file, text);
      assert.deepEqual([found.format, found.language], [format, language], file);
    }
  });

  it('says what is missing where it is none', () => {
    const refuses = (file: string, text: string, code: string, hint = /^/): void => {
      assert.throws(
        () => notebookOf(file, text),
        (error: Error & { code?: string; hint?: string }) => {
          assert.equal(error.code, code);
          assert.match(error.hint ?? '', hint);
          return true;
        },
      );
    };
    refuses(
      'a.py',
      'print(1)\n# Databricks notebook source',
      'not-a-notebook',
      /# Databricks notebook source$/,
    );
    refuses('a.sql', '# Databricks notebook source', 'not-a-notebook', /-- Databricks notebook source$/);
    refuses('a.md', '# Databricks notebook source', 'not-a-notebook');
    for (const text of ['', '{', 'null', '{"cells": {}}', '{"cells": [{}]}']) {
      refuses('a.ipynb', text, 'not-a-notebook');
    }
    refuses('a.py', '# Databricks notebook source\n\uFFFD', 'wrong-encoding');
    refuses('a.py', `# Databricks notebook source\n${'é'.repeat(5 * 1024 * 1024)}`, 'too-big');
  });

  it('is compared by what its cells say', () => {
    const mine = { cells: [{ cell_type: 'code', source: ['a\n', 'b\n'], outputs: [1] }] };
    const there = { cells: [{ cell_type: 'code', source: 'a\r\nb', metadata: { nuid: 'x' } }], metadata: {} };
    const text = (document: unknown): string => comparable('JUPYTER', JSON.stringify(document));
    assert.equal(text(mine), text(there));
    assert.equal(text(mine), '# %% [code]\na\nb\n');
    assert.notEqual(text(mine), text({ cells: [{ ...mine.cells[0], cell_type: 'markdown' }] }));
    assert.equal(comparable('SOURCE', 'a\r\n\r\n  b\n\n'), 'a\n\n  b\n');
  });

  it('has the name of its file', () => {
    assert.deepEqual(['/x/a.b.py', 'C:\\x\\a.py', '.py', 'a'].map(nameOf), ['a.b', 'a', '.py', 'a']);
  });
});

describe('a path of a workspace', () => {
  const target = { userName: 'ana@example.com', name: 'orders' };

  it('may be said in several ways', () => {
    const paths = {
      '~/a/b': '/Users/ana@example.com/a/b',
      '~/': '/Users/ana@example.com/orders',
      '/Shared/a': '/Shared/a',
      '/Shared/a/': '/Shared/a/orders',
      '/Workspace/Shared/a': '/Shared/a',
      '/Workspace/team/a': '/team/a',
      '/Repos/ana/r/a': '/Repos/ana/r/a',
    };
    for (const [given, expected] of Object.entries(paths))
      assert.equal(notebookPath(given, target), expected);
  });

  it('never leads elsewhere', () => {
    const wrong = [
      'a',
      '',
      '/',
      '/Shared',
      '/Workspace',
      '/Workspace/a',
      '/home/ana/orders',
      '~ana/a',
      '/Shared//a',
    ];
    const dots = ['/Shared/../Users/b', '~/../b/a', '/Shared/./a', '/Workspace/../x/y', '/Shared/a\n'];
    for (const given of [...wrong, ...dots]) {
      assert.throws(() => notebookPath(given, target), { code: 'bad-path' }, given);
    }
  });

  it('has folders above it, and an address for a browser', () => {
    assert.deepEqual(foldersAbove('/Users/a/b/c'), ['/Users/a/b', '/Users/a', '/Users']);
    assert.equal(addressOf('https://h', '/Users/a@b/é c#'), 'https://h/#workspace/Users/a%40b/%C3%A9%20c%23');
  });
});
