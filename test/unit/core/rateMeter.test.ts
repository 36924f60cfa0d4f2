import assert from 'node:assert/strict';
import { createRateMeter } from '../../../src/core/rateMeter.ts';

function timed() {
  let now = 7000;
  return {
    meter: createRateMeter(() => now),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the meter of a rate', () => {
  it('measures over the last two seconds', () => {
    const { meter, pass } = timed();
    for (let step = 0; step < 100; step += 1) {
      meter.add(25);
      pass(50);
    }
    assert.ok(Math.abs(meter.perSecond() - 500) <= 25, String(meter.perSecond()));
    pass(1000);
    assert.ok(Math.abs(meter.perSecond() - 250) <= 25, String(meter.perSecond()));
    pass(2000);
    assert.equal(meter.perSecond(), 0);
  });

  it('takes a first batch for no flood', () => {
    const { meter } = timed();
    meter.add(50);
    assert.equal(meter.perSecond(), 100);
  });

  it('holds a minute, and forgets what is older', () => {
    const { meter, pass } = timed();
    assert.deepEqual(meter.minute(), [0]);
    for (let second = 1; second <= 90; second += 1) {
      meter.add(second);
      pass(1000);
    }
    pass(-100);
    assert.deepEqual(
      meter.minute(),
      Array.from({ length: 60 }, (_, at) => 31 + at),
    );
    pass(10_000_000);
    assert.ok(meter.minute().every((many) => many === 0));
  });
});
