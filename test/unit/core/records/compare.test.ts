import assert from 'node:assert/strict';
import { compareTexts, shortNumber } from '../../../../src/core/records/compare.ts';

describe('the order of texts', () => {
  it('is by value for numbers, exact at any length', () => {
    const sorted = [
      '-10',
      '-9.5',
      '0',
      '1e-3',
      '0.5',
      '1.49',
      '1.5',
      '2',
      '10',
      '1e3',
      '9007199254740992',
      '9007199254740993',
    ];
    assert.deepEqual([...sorted].reverse().sort(compareTexts), sorted);
    assert.equal(compareTexts('12.50', '12.5'), 0);
    assert.equal(compareTexts('1e2', '100'), 0);
    assert.equal(compareTexts('9007199254740993', '9007199254740992'), 1);
  });

  it('has numbers first, then text by its characters', () => {
    assert.deepEqual(['b', '2019-01-02', '2', 'a', '', '2019-01-01'].sort(compareTexts), [
      '2',
      '',
      '2019-01-01',
      '2019-01-02',
      'a',
      'b',
    ]);
  });

  it('takes the short way only where it leads to the same', () => {
    for (const [text, number] of [
      ['12.50', 12.5],
      ['-7', -7],
      ['+0.000', 0],
      ['123456789012345', 123456789012345],
    ] as const) {
      assert.equal(shortNumber(text), number);
    }
    for (const text of ['1234567890123456', '1e3', '', '.', 'Infinity', '0x10', ' 1', '1.2.3']) {
      assert.ok(Number.isNaN(shortNumber(text)), text);
    }
  });
});
