import assert from 'node:assert/strict';
import { areMore, ASK_ABOVE } from '../../../src/core/manyMessages.ts';

describe('many messages', () => {
  /** Batches of these sizes; `read`: how many were taken. */
  const batches = (sizes: readonly number[], error?: Error) => {
    let read = 0;
    // eslint-disable-next-line @typescript-eslint/require-await -- a list plays what a file does
    const all = (async function* () {
      for (const size of sizes) {
        read += 1;
        yield Array.from({ length: size }, () => 0);
      }
      if (error) throw error;
    })();
    return { all, read: () => read };
  };

  it('are more than a thousand, and no more of them are read than it takes to know', async () => {
    assert.equal(ASK_ABOVE, 1000);
    assert.equal(await areMore(batches([500, 500]).all), false);
    const more = batches([500, 500, 1, 500]);
    assert.equal(await areMore(more.all), true);
    assert.equal(more.read(), 3);
    assert.equal(await areMore(batches([]).all), false);
  });

  it('are as many as there are before a line that is wrong', async () => {
    assert.equal(await areMore(batches([999], new Error('line 1000')).all), false);
  });
});
