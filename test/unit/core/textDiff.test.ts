import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffLines, diffText } from '../../../src/core/textDiff.ts';

const told = (before: string, after: string): readonly string[] => diffLines(diffText(before, after));

describe('the difference of two texts', () => {
  it('is what is gone and what is new, with the lines around it', () => {
    assert.deepEqual(told('a\nb\nc\nd\ne\nf\ng\nh\ni', 'a\nb\nc\nd\nE\nf\ng\nh\ni'), [
      '  …',
      '  b',
      '  c',
      '  d',
      '- e',
      '+ E',
      '  f',
      '  g',
      '  h',
      '  …',
    ]);
    assert.deepEqual(told('a\nc', 'a\nb\nc'), ['  a', '+ b', '  c']);
    assert.deepEqual(told('same\r\ntext', 'same\ntext'), []);
  });

  it('gives both texts again, and never more than each has', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}')).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffText(before, after);
        const side = (mark: string): string =>
          lines.flatMap((line) => (line.mark === ' ' || line.mark === mark ? [line.text] : [])).join('\n');
        assert.equal(side('-'), before);
        assert.equal(side('+'), after);
        assert.equal(told(before, after).length === 0, before === after);
      }),
    );
  });
});
