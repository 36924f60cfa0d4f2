import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromTwosComplement, fromUnscaled, toTwosComplement, toUnscaled } from '../../../src/core/decimal.ts';

describe('decimals', () => {
  it('reads what a person writes, exactly', () => {
    const cases: [string, bigint | undefined][] = [
      ['10.6', 1060n],
      ['10.60', 1060n],
      ['-0.01', -1n],
      ['+7', 700n],
      ['.5', 50n],
      ['5.', 500n],
      ['99999999.99', 9_999_999_999n],
      ['1.005', undefined],
      ['1e3', undefined],
      ['', undefined],
      ['.', undefined],
      ['1,50', undefined],
      ['0x10', undefined],
      [' 1', undefined],
    ];
    for (const [text, unscaled] of cases) assert.equal(toUnscaled(text, 2), unscaled, text);
  });

  it('writes as many digits after the point as the scale', () => {
    assert.equal(fromUnscaled(1060n, 2), '10.60');
    assert.equal(fromUnscaled(-5n, 2), '-0.05');
    assert.equal(fromUnscaled(0n, 3), '0.000');
    assert.equal(fromUnscaled(-42n, 0), '-42');
  });

  it('comes back the same for any value and scale', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(30), (unscaled, scale) => {
        assert.equal(toUnscaled(fromUnscaled(unscaled, scale), scale), unscaled);
      }),
    );
  });

  it('holds the bytes that Java would hold', () => {
    // BigInteger.toByteArray() of each.
    const cases: [bigint, string][] = [
      [0n, '00'],
      [127n, '7f'],
      [128n, '0080'],
      [255n, '00ff'],
      [-1n, 'ff'],
      [-128n, '80'],
      [-129n, 'ff7f'],
      [9_999_999_999n, '02540be3ff'],
      [-9_999_999_999n, 'fdabf41c01'],
    ];
    for (const [value, hex] of cases) assert.equal(Buffer.from(toTwosComplement(value)).toString('hex'), hex);
  });

  it('comes back the same from bytes, and from bytes longer than needed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }), fc.nat(5), (value, extra) => {
        const bytes = toTwosComplement(value);
        const padding = new Uint8Array(extra).fill(value < 0n ? 0xff : 0);
        assert.equal(fromTwosComplement(Buffer.concat([padding, bytes])), value);
      }),
    );
    assert.equal(fromTwosComplement(new Uint8Array()), 0n);
  });
});
