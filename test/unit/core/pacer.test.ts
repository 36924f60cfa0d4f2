import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPacer, type Clock } from '../../../src/core/pacer.ts';

/** Time that passes only when someone sleeps; each sleep takes longer than asked, as real ones do. */
function fakeClock(overshoot: () => number = () => 0): Clock & { pass(ms: number): void; sleeps: number } {
  let now = 5000;
  const clock = {
    sleeps: 0,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    sleep: (ms: number) => {
      clock.sleeps += 1;
      now += ms + overshoot();
      return Promise.resolve();
    },
  };
  return clock;
}

const never = new AbortController().signal;

async function takeAll(rate: number, count: number, clock: Clock): Promise<number> {
  const start = clock.now();
  const pacer = createPacer(rate, clock);
  for (let left = count; left > 0;) left -= await pacer.take(Math.min(left, 2500), never);
  return (clock.now() - start) / 1000;
}

describe('the pacer', () => {
  it('holds the rate although every sleep takes longer than asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50_000 }),
        fc.integer({ min: 0, max: 30 }),
        async (rate, late) => {
          const seconds = await takeAll(
            rate,
            rate * 20,
            fakeClock(() => late),
          );
          // The last step may come a step and one late sleep after its time.
          assert.ok(
            seconds >= 20 - 1e-6 && seconds <= 20 + 0.06 + late / 1000 + 1 / rate,
            `${rate}: ${seconds}`,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives small steps, so that the stream is even', async () => {
    const pacer = createPacer(1000, fakeClock());
    for (let taken = 0; taken < 40; taken += 1) {
      const granted = await pacer.take(2500, never);
      assert.ok(granted >= 1 && granted <= 60, String(granted));
    }
  });

  it('gives one at a time below one a second', async () => {
    const clock = fakeClock();
    const pacer = createPacer(0.5, clock);
    const start = clock.now();
    assert.equal(await pacer.take(2500, never), 1);
    assert.equal(await pacer.take(2500, never), 1);
    assert.equal(clock.now() - start, 4000);
  });

  it('catches up after a short stall, but makes no flood of a long one', async () => {
    const clock = fakeClock();
    const pacer = createPacer(1000, clock);
    clock.pass(300);
    assert.equal(await pacer.take(2500, never), 300);
    clock.pass(60_000);
    assert.equal(await pacer.take(2500, never), 1000);
    assert.ok((await pacer.take(2500, never)) <= 60);
  });

  it('does not count a pause', async () => {
    const clock = fakeClock();
    const pacer = createPacer(1000, clock);
    clock.pass(500);
    pacer.restart();
    assert.ok((await pacer.take(2500, never)) <= 60);
  });

  it('holds another rate from the moment it is set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (first, second) => {
          const clock = fakeClock();
          const pacer = createPacer(first, clock);
          for (let left = first * 5; left > 0;) left -= await pacer.take(Math.min(left, 2500), never);
          pacer.setRate(second);
          const start = clock.now();
          for (let left = second * 10; left > 0;) left -= await pacer.take(Math.min(left, 2500), never);
          const seconds = (clock.now() - start) / 1000;
          // At most one line was saved up at the first rate, and what a step of it is.
          const saved = Math.max(1, first * 0.05) / second;
          assert.ok(
            seconds >= 10 - saved - 1e-6 && seconds <= 10.06 + 1 / second,
            `${first}, ${second}: ${seconds}`,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('wakes who waits when the rate is set', async () => {
    const slept: number[] = [];
    const clock: Clock = {
      now: () => 0,
      sleep: (ms, signal) => {
        slept.push(ms);
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      },
    };
    const pacer = createPacer(0.01, clock);
    const taken = pacer.take(2500, never);
    pacer.setRate(undefined);
    assert.equal(await taken, 2500);
    assert.deepEqual(slept, [100_000]);
  });

  it('loses nothing by many small changes, and makes no flood of them', async () => {
    const clock = fakeClock();
    const pacer = createPacer(1, clock);
    const start = clock.now();
    let granted = 0;
    for (let change = 0; change < 200; change += 1) {
      clock.pass(50);
      pacer.setRate(change % 2 === 0 ? 2 : 1);
    }
    while (clock.now() - start < 10_001) granted += await pacer.take(2500, never);
    // Half of ten seconds at each of the two; what is saved up is bounded by a second's worth.
    assert.ok(granted >= 2 && granted <= 4, String(granted));
  });

  it('takes a limit away and sets it again', async () => {
    const clock = fakeClock();
    const pacer = createPacer(10, clock);
    pacer.setRate(undefined);
    assert.equal(await pacer.take(2500, never), 2500);
    pacer.setRate(10);
    const start = clock.now();
    for (let left = 20; left > 0;) left -= await pacer.take(left, never);
    assert.ok(Math.abs(clock.now() - start - 2000) <= 100, String(clock.now() - start));
  });

  it('grants everything at once without a rate', async () => {
    const clock = fakeClock();
    assert.equal(await createPacer(undefined, clock).take(2500, never), 2500);
    assert.equal(clock.sleeps, 0);
  });

  it('grants nothing once stopped', async () => {
    const stopper = new AbortController();
    stopper.abort();
    assert.equal(await createPacer(10, fakeClock()).take(5, stopper.signal), 0);
  });
});
