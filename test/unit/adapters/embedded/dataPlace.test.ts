import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { swap } from '../../../../src/adapters/embedded/dataPlace.ts';

describe('restored data of the embedded sandbox', () => {
  let folder: string;
  const place = (name: string): string => join(folder, name);
  const text = (name: string): string | undefined =>
    existsSync(place(name)) ? readFileSync(place(name), 'utf8') : undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders lakehouse ção '));
    for (const name of ['data/kafka/a', 'data/warehouse/a', 'data/last-run.json', 'data/other']) {
      mkdirSync(join(place(name), '..'), { recursive: true });
      writeFileSync(place(name), 'old');
    }
    for (const name of ['incoming/kafka/b', 'incoming/registry/b', 'incoming/relocation.sql']) {
      mkdirSync(join(place(name), '..'), { recursive: true });
      writeFileSync(place(name), 'new');
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes the place of all that was there', () => {
    swap(place('data'), place('incoming'), place('aside'));
    assert.equal(text('data/kafka/b'), 'new');
    assert.equal(text('data/registry/b'), 'new');
    for (const gone of [
      'data/kafka/a',
      'data/warehouse',
      'data/last-run.json',
      'data/relocation.sql',
      'aside',
    ])
      assert.ok(!existsSync(place(gone)), gone);
    assert.equal(text('data/other'), 'old');
  });

  it('leaves what was there when any of the steps fails', () => {
    // Three pieces go aside, two come in.
    for (let allowed = 0; allowed < 5; allowed++) {
      let left = allowed;
      const failing: typeof renameSync = (from, to) => {
        if (left === 0) throw new Error('no more');
        left -= 1;
        renameSync(from, to);
      };
      assert.throws(() => {
        swap(place('data'), place('incoming'), place('aside'), failing);
      }, /no more/);
      for (const name of ['data/kafka/a', 'data/warehouse/a', 'data/last-run.json', 'data/other'])
        assert.equal(text(name), 'old', `${name} after ${allowed}`);
      assert.equal(text('incoming/kafka/b'), 'new');
      assert.ok(!existsSync(place('data/registry')));
    }
  });
});
