import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLog } from '../../../../src/adapters/embedded/followLog.ts';
import { rotateLogs } from '../../../../src/adapters/embedded/rotateLogs.ts';

describe('the log of a part', () => {
  let folder: string;
  let file: string;
  const last = async (lines: number): Promise<string[]> => {
    const found: string[] = [];
    const options = { lines, follow: false };
    for await (const line of followLog(folder, 'kafka', options, new AbortController().signal))
      found.push(line);
    return found;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-log-'));
    file = join(folder, 'kafka.log');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is shown from its end', async () => {
    writeFileSync(file, 'one\ntwo\nthree\n');
    assert.deepEqual(await last(2), ['two', 'three']);
    assert.deepEqual(await last(10), ['one', 'two', 'three']);
    assert.deepEqual(await last(0), []);
  });

  it('that ends in the middle of a line is shown with it', async () => {
    writeFileSync(file, 'one\ntw');
    assert.deepEqual(await last(5), ['one', 'tw']);
  });

  it('is shown from the last start, however much that is', async () => {
    const before = 'from before\n'.repeat(10);
    const since = Array.from(
      { length: 100_000 },
      (_, index) => `line ${index} of this start, some forty characters long`,
    );
    writeFileSync(file, `${before}${since.join('\n')}\n`);
    const found: string[] = [];
    const options = { lines: Infinity, follow: false, sinceStart: true };
    for await (const line of followLog(
      folder,
      'kafka',
      options,
      new AbortController().signal,
      before.length,
    )) {
      found.push(line);
    }
    assert.deepEqual(found, since);
  });

  it('of a part that never ran is a message', async () => {
    await assert.rejects(last(1), { code: 'no-log' });
  });

  it('is followed, in whole lines, over a change of the file, until it is enough', async () => {
    writeFileSync(file, 'old\nolder\nação');
    const controller = new AbortController();
    const found: string[] = [];
    const steps = [
      () => {
        appendFileSync(file, ' feita\nnext\n');
      },
      () => undefined,
      () => {
        writeFileSync(file, 'new\n');
      },
      () => {
        controller.abort();
      },
    ];
    for await (const line of followLog(folder, 'kafka', { lines: 1, follow: true }, controller.signal)) {
      found.push(line);
      steps.shift()?.();
    }
    assert.deepEqual(found, ['older', 'ação feita', 'next', 'new']);
  });

  it('is moved aside when it has grown', () => {
    writeFileSync(file, Buffer.alloc(6_000_000, 'x'));
    writeFileSync(join(folder, 'spark.log'), 'small');
    rotateLogs(folder);
    assert.equal(existsSync(file), false);
    assert.equal(statSync(`${file}.1`).size, 6_000_000);
    assert.ok(existsSync(join(folder, 'spark.log')));
  });
});
