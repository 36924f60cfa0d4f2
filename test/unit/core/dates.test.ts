import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromDays, isoDate, timeOfDay, timestamp, toDays } from '../../../src/core/dates.ts';

describe('dates', () => {
  it('knows the days of the calendar', () => {
    assert.equal(isoDate(2020, 2, 29), '2020-02-29');
    assert.equal(isoDate(2019, 2, 29), undefined);
    assert.equal(isoDate(1900, 2, 29), undefined);
    assert.equal(isoDate(2019, 13, 1), undefined);
    assert.equal(isoDate(2019, 4, 31), undefined);
    assert.equal(isoDate(2019, 0, 1), undefined);
    assert.equal(isoDate(2019, 1, 0), undefined);
    assert.equal(isoDate(99, 12, 31), '0099-12-31');
    assert.equal(isoDate(0, 1, 1), undefined);
    assert.equal(isoDate(NaN, 1, 1), undefined);
  });

  it('counts days from 1970', () => {
    assert.equal(toDays('1970-01-01'), 0);
    assert.equal(toDays('1969-12-31'), -1);
    assert.equal(toDays('2018-12-01'), 17_866);
    assert.equal(toDays('0001-01-01'), -719_162);
    assert.equal(toDays('9999-12-31'), 2_932_896);
    assert.throws(() => toDays('2019-02-29'), RangeError);
    assert.throws(() => toDays('2019-2-1'), RangeError);
  });

  it('comes back the same for any day of the years 1 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        assert.equal(toDays(fromDays(days)), days);
      }),
    );
  });

  it('refuses a day that no date reaches', () => {
    assert.throws(() => fromDays(2_147_483_647), RangeError);
  });

  it('writes times with all their digits', () => {
    assert.equal(timeOfDay(0n, 3), '00:00:00.000');
    assert.equal(timeOfDay(86_399_999n, 3), '23:59:59.999');
    assert.equal(timeOfDay(3_723_000_004n, 6), '01:02:03.000004');
  });

  it('writes timestamps beyond the precision of a number, also before 1970', () => {
    assert.equal(timestamp(0n, 3), '1970-01-01T00:00:00.000');
    assert.equal(timestamp(-1n, 6), '1969-12-31T23:59:59.999999');
    assert.equal(timestamp(1_767_225_600_123_456n, 6), '2026-01-01T00:00:00.123456');
    assert.equal(timestamp(1_767_225_600_123_456_789n, 9), '2026-01-01T00:00:00.123456789');
  });

  it('agrees with the platform on every millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        assert.equal(`${timestamp(BigInt(ms), 3)}Z`, new Date(ms).toISOString());
      }),
    );
  });
});
