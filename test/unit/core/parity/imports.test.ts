import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { NEWER_NAMES, REMOVED, STDLIB } from '../../../../src/core/parity/pythonStdlib.ts';
import { findings, foundAt, severities } from './support.ts';

const clean = (text: string, others: Readonly<Record<string, string>> = {}): void => {
  assert.deepEqual(findings({ 'lakehouse/transformations/orders.py': text, ...others }), []);
};
const bundle = (dependencies: string): string =>
  `resources:\n  pipelines:\n    orders:\n      root_path: ../lakehouse\n      environment:\n        dependencies: ${dependencies}\n`;

describe('imports that would find nothing there', () => {
  it('finds a package that nothing brings, at its name', () => {
    const [plain, from, more] = foundAt(
      'not-there-import',
      'import json, «great_expectations»\nfrom «soda.scan» import Scan\nimport «azure.cosmos» as cosmos\n',
    );
    assert.deepEqual(severities([plain, from, more].filter((one) => one !== undefined)), [
      'error',
      'error',
      'error',
    ]);
    assert.match(plain?.message ?? '', /^great_expectations is not there.*17\.3 LTS/);
    assert.match(plain?.hint ?? '', /environment\.dependencies/);
  });

  it('takes the standard library, the runtime, and names that differ from their packages', () => {
    clean(
      'import os.path\nimport tomllib\nimport yaml\nimport numpy as np\nfrom PIL import Image\nfrom dateutil import parser\n' +
        'from sklearn.base import clone\nfrom google.cloud import storage\nimport azure.storage.blob\nfrom azure import identity\n' +
        'from pyspark.sql import functions as F\nimport delta.tables\n',
    );
  });

  it("takes the project's own modules, from its root and from beside the file", () => {
    clean('from orders import bronze\nimport orders.silver\nimport beside\nfrom . import beside\n', {
      'lakehouse/orders/bronze.py': '',
      'lakehouse/transformations/beside.py': '',
    });
    foundAt('not-there-import', 'import «runner»\n', { others: { 'runner/__init__.py': '' } });
  });

  it('takes what the pipeline in the bundle declares', () => {
    const given = (
      lines: string,
      more: Readonly<Record<string, string>> = {},
    ): Readonly<Record<string, string>> => ({
      'databricks.yml': 'bundle:\n  name: orders\n',
      'resources/orders.yml': bundle(lines),
      ...more,
    });
    clean(
      'import great_expectations\nimport kafka\n',
      given('["great-expectations==1.2.3", "kafka-python[snappy]>=2"]'),
    );
    clean(
      'import tool\n',
      given('["-r requirements-there.txt"]', { 'requirements-there.txt': '# ours\ntool~=1.0\n' }),
    );
    foundAt('not-there-import', 'import «pendulum»\n', { others: given('["great-expectations"]') });
  });

  it('only warns when a dependency does not say what it brings', () => {
    const others = { 'databricks.yml': '', 'resources/orders.yml': bundle('["../dist/*.whl"]') };
    const found = foundAt('not-there-import', 'import «pendulum»\n', { others });
    assert.deepEqual(severities(found), ['warning']);
    const wheel = { ...others, 'resources/orders.yml': bundle('["./dist/my_tool-1.0-py3-none-any.whl"]') };
    const beside = foundAt('not-there-import', 'import my_tool\nimport «pendulum»\n', { others: wheel });
    assert.deepEqual(severities(beside), ['warning']);
  });

  it('leaves imports alone that may fail', () => {
    clean(
      'import typing\ntry:\n    import pendulum\nexcept ImportError:\n    pendulum = None\nif typing.TYPE_CHECKING:\n    import polars\n',
    );
  });

  it('says what is in the place of a module that 3.12 no longer has', () => {
    const found = foundAt(
      'removed-module',
      'import «imp»\nfrom «distutils.version» import LooseVersion\nimport «asyncore»\n',
    );
    assert.deepEqual(severities(found), ['error', 'warning', 'error']);
    assert.match(found[0]?.hint ?? '', /importlib/);
  });

  it('finds what only Windows has, and what came with a later Python', () => {
    foundAt('not-there-import', 'import «winreg»\n');
    foundAt(
      'newer-python',
      'from typing import «TypeIs», Any\nimport «annotationlib»\nfrom copy import copy\n',
    );
    foundAt('newer-python', 'import copy\nnew = «copy.replace»(old, a=1)\nold = other.replace("a", "b")\n');
  });

  it('knows the modules of 3.12: those of 3.11 that were not taken out since', () => {
    const script =
      'import sys; print(sys.version_info[1], *(n for n in sys.stdlib_module_names if n[0] != "_" or n == "__future__"))';
    const [minor, ...names] = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
    assert.ok(Number(minor) >= 10, `python3 is 3.${minor ?? ''}`);
    const gone = new Set(REMOVED.keys());
    // PEP 594 took these out of 3.13; binhex went with 3.11, tomllib came with it.
    const later = new Set(
      'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib'.split(
        ' ',
      ),
    );
    const here = names.filter((name) => !gone.has(name) && name !== 'binhex');
    const expected = new Set([...here, ...(Number(minor) > 12 ? later : []), 'tomllib']);
    for (const name of [...STDLIB]) assert.ok(expected.has(name), `${name} is not in 3.12`);
    if (Number(minor) <= 12)
      assert.deepEqual(
        [...expected].filter((name) => !STDLIB.has(name)),
        [],
      );
    for (const name of NEWER_NAMES.keys()) assert.ok(STDLIB.has(name.split('.')[0] ?? ''), name);
  });
});
