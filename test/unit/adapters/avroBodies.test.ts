import assert from 'node:assert/strict';
import { createBodyReader } from '../../../src/adapters/avroBodies.ts';

const LONGS = JSON.stringify({ type: 'map', values: 'long' });

describe('the body of a message, as its writer wrote it', () => {
  it('is given up at once when it promises more than it holds', () => {
    const read = createBodyReader(LONGS);
    // By hand: a count of 2^28, of 2^63, then nothing; and one entry "a" → 3.
    assert.equal(read(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x02])), undefined);
    assert.equal(read(Buffer.from([0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02])), undefined);
    assert.deepEqual(read(Buffer.from([2, 2, 0x61, 6, 0])), { value: { a: 3n } });
  });

  it('may name a type of its schema inside another type', () => {
    const read = createBodyReader(
      JSON.stringify({
        type: 'record',
        name: 'shop.Line',
        fields: [
          { name: 'one', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
          { name: 'other', type: { type: 'shop.Kind' } },
        ],
      }),
    );
    assert.deepEqual({ ...(read(Buffer.from([0, 2]))?.value as object) }, { one: 'A', other: 'B' });
  });
});
