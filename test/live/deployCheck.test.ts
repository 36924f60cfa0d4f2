/** `deploy check`, the terminal program on folders of this machine: what it prints, and how it ends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, PROGRAM } from './support/cli.ts';

const SANDBOX = join(import.meta.dirname, '..', '..', 'sandbox');

describe('deploy check', function () {
  this.timeout(60_000);
  let folder: string;
  let home: string;
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  const asPerson = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [PROGRAM, '--home', home, 'deploy', 'check', ...args], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-check-'));
    home = join(folder, 'home');
    mkdirSync(join(folder, 'transformations'));
    write('databricks.yml', 'bundle:\n  name: orders\n');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds nothing in the project that is shipped', async () => {
    const { code, stdout } = await cli(home, 'deploy', 'check', SANDBOX);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { folder: SANDBOX, ok: true, findings: [] });
  });

  it('prints each place as compilers do, and ends with 1 when something gates', () => {
    write('transformations/a.py', 'import json\n\nrows = spark.table("a").collect()\n');
    const { status, stdout, stderr } = asPerson();
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^transformations\/a\.py:3:25: error: collect\(\) runs a query.* \[imperative-call\]\n/,
    );
    assert.match(stdout, /\nErrors: 1, warnings: 0\n$/);
    assert.match(stderr, /^Error: This would not work on Azure Databricks\.\n$/);
  });

  it('ends well when it only warns', async () => {
    write('transformations/a.py', 'a = open("rules.json")\n');
    const { code, stdout } = await cli(home, 'deploy', 'check', folder);
    const told = JSON.parse(stdout) as { ok: boolean; findings: readonly Record<string, unknown>[] };
    assert.deepEqual([code, told.ok, told.findings.length], [0, true, 1]);
    const [{ file, range, code: of, severity, documentation } = {}] = told.findings;
    assert.deepEqual(
      { file, range, of, severity },
      {
        file: 'transformations/a.py',
        range: { start: { line: 0, column: 9 }, end: { line: 0, column: 21 } },
        of: 'relative-file',
        severity: 'warning',
      },
    );
    assert.match(String(documentation), /^https:\/\/learn\.microsoft\.com\//);
  });

  it('says what a project is where there is none', () => {
    rmSync(join(folder, 'databricks.yml'));
    rmSync(join(folder, 'transformations'), { recursive: true });
    const { status, stderr } = asPerson();
    assert.equal(status, 1);
    assert.match(stderr, /is no lakehouse project\.\n.*databricks\.yml/);
  });
});
