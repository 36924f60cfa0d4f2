import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../../../src/core/events.ts';
import { isUserError } from '../../../../src/core/errors.ts';
import { findPython, pipProgress, requirementOf } from '../../../../src/adapters/embedded/python.ts';
import { readVersions, requirementsFile } from '../../../../src/adapters/embedded/versions.ts';

describe('the Python of a person', () => {
  let folder: string;
  const path = process.env['PATH'];
  const put = (name: string, version: string, complete: boolean): void => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify({ version, prefix: '/x', complete })}'\n`);
    chmodSync(file, 0o755);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-python-'));
    process.env['PATH'] = folder;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  it('is the newest on the PATH that is complete', async () => {
    put('python3', '3.9.2', true);
    put('python3.13', '3.13.1', false);
    put('python3.11', '3.11.2', true);
    put('python3.10', '3.10.9', true);
    const found = await findPython('', readVersions());
    assert.deepEqual(found, { command: 'python3.11', version: '3.11.2', prefix: '/x' });
  });

  it('is the one that is set', async () => {
    put('python3.11', '3.11.2', true);
    put('own', '3.10.0', true);
    assert.equal((await findPython(join(folder, 'own'), readVersions())).version, '3.10.0');
  });

  it('is asked for in one message that says what was seen', async () => {
    put('python3', '3.9.2', true);
    put('python3.12', '3.12.1', false);
    await assert.rejects(findPython('', readVersions()), (error) => {
      assert.ok(isUserError(error));
      assert.equal(error.code, 'no-python');
      assert.match(error.message, /python3 is Python 3\.9\.2/);
      assert.match(error.message, /python3\.12 \(Python 3\.12\.1\) lacks/);
      assert.match(error.hint ?? '', /Install/);
      return true;
    });
  });

  it('is not another one when the one that is set cannot be used', async () => {
    put('python3.11', '3.11.2', true);
    await assert.rejects(findPython('/no/python', readVersions()), { code: 'no-python' });
  });
});

describe('the requirements', () => {
  it('give one package with its hashes', () => {
    const text = ['a==1 \\', '    --hash=sha256:1 \\', '    --hash=sha256:2', '    # via x', 'b==2'].join(
      '\n',
    );
    assert.equal(requirementOf(text, 'a'), 'a==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2');
    assert.equal(requirementOf(text, 'b'), 'b==2');
    assert.equal(requirementOf(text, 'c'), undefined);
  });

  it('hold the versions that are announced', () => {
    const requirements = readFileSync(requirementsFile(), 'utf8');
    for (const { name, version } of readVersions().python.packages.filter((item) => item.version)) {
      assert.ok(requirementOf(requirements, name)?.startsWith(`${name}==${version} `), name);
    }
  });
});

describe('the progress of pip', () => {
  it('counts what pip had kept as done', () => {
    const events: Event[] = [];
    pipProgress((event) => events.push(event))('  Using cached pyspark-4.2.0.tar.gz (450.1 MB)');
    assert.deepEqual(events, [
      { type: 'download', name: 'pyspark-4.2.0.tar.gz', done: 450_100_000, total: 450_100_000 },
    ]);
  });

  it('has name, bytes and size', () => {
    const events: Event[] = [];
    const onLine = pipProgress((event) => events.push(event));
    for (const line of [
      'Collecting pyspark==4.2.0',
      '  Downloading pyspark-4.2.0.tar.gz (450.1 MB)',
      'Progress 0 of 450100000',
      'Progress 450100000 of 450100000',
      'Installing collected packages: pyspark',
    ]) {
      onLine(line);
    }
    assert.deepEqual(events.filter((event) => event.type === 'download').at(-1), {
      type: 'download',
      name: 'pyspark-4.2.0.tar.gz',
      done: 450_100_000,
      total: 450_100_000,
    });
    assert.equal(events.at(-1)?.type, 'phase');
  });
});
