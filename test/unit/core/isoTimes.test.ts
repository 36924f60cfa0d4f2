import assert from 'node:assert/strict';
import { unitsOfMoment } from '../../../src/core/isoTimes.ts';

describe('a moment as a person writes it', () => {
  it('has an offset that a clock can have', () => {
    for (const offset of ['+05:30', '-0930', '+23:59', '-00:00']) {
      const text = `2026-01-01T00:00:00${offset}`;
      const iso = text.replace(/(\d\d):?(\d\d)$/, '$1:$2');
      assert.equal(unitsOfMoment(text, 3, true), BigInt(Date.parse(iso)), text);
    }
    for (const offset of ['+99:99', '+24:00', '-00:60', '+5:00']) {
      assert.equal(unitsOfMoment(`2026-01-01T00:00:00${offset}`, 3, true), undefined, offset);
    }
  });
});
