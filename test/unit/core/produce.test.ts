import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import { parseFaults } from '../../../src/core/faults.ts';
import { memoryLakehouse as memory } from '../../support/memoryLakehouse.ts';
import { startProducing, type ProduceOptions, type Production } from '../../../src/core/produce.ts';

const options: ProduceOptions = {
  seed: 1,
  clock: Date.UTC(2026, 0, 31),
  faults: new Map(),
  format: 'avro',
};

const running: Production[] = [];
const start = (
  more: Partial<ProduceOptions>,
  from = memory(),
): { from: typeof from; production: Production } => {
  const production = startProducing(
    from.lakehouse,
    { ...options, ...more },
    () => undefined,
    new AbortController().signal,
  );
  running.push(production);
  return { from, production };
};

async function until(check: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!check()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('producing', () => {
  afterEach(() => {
    for (const production of running.splice(0)) production.stop();
  });

  it('sends the number asked for, and closes its producer', async () => {
    const { from, production } = start({ count: 12_345 });
    const { delivery, failure } = await production.ended;
    assert.equal(failure, undefined);
    assert.equal(delivery.sent, 12_345);
    assert.equal(from.sent.length, 12_345);
    assert.equal(from.closed, true);
  });

  it('goes on until it is stopped, and then tells what was sent', async () => {
    const { from, production } = start({ rate: 5000 });
    await until(() => production.delivery().sent > 100);
    production.stop();
    const { delivery, failure } = await production.ended;
    assert.equal(failure, undefined);
    assert.equal(delivery.sent, from.sent.length);
  });

  it('sends nothing while it is paused, and goes on after', async () => {
    const { from, production } = start({ count: 100 });
    production.pause();
    assert.equal(production.paused, true);
    // Without the pause it would be done by now: nothing here waits for more than its turn.
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(from.sent.length, 0);
    production.resume();
    assert.equal(production.paused, false);
    assert.equal((await production.ended).delivery.sent, 100);
  });

  it('sends what was made before a pause began, and no more until it is over', async () => {
    const { from, production } = start({ rate: Infinity });
    await until(() => production.delivery().sent > 10_000);
    production.pause();
    let before = -1;
    await until(() => {
      const still = before === from.sent.length && production.delivery().sent === before;
      before = from.sent.length;
      return still;
    });
    production.resume();
    await until(() => production.delivery().sent > before + 10_000);
  });

  it('goes at another rate at once', async () => {
    const { production } = start({ count: 50_000, rate: 0.001 });
    await until(() => production.delivery().sent === 0);
    production.setRate(Infinity);
    assert.equal((await production.ended).delivery.sent, 50_000);
  });

  it('makes other faults from then on, and counts all that were asked for', async () => {
    const { production } = start({ rate: Infinity, faults: parseFaults('duplicate=10%', 'message') });
    await until(() => (production.delivery().faults.duplicate ?? 0) > 100);
    production.setFaults(parseFaults('bad-price=20%,undecodable=0', 'message'));
    await until(() => (production.delivery().faults['bad-price'] ?? 0) > 100);
    production.pause();
    production.stop();
    const { delivery } = await production.ended;
    assert.deepEqual(Object.keys(delivery.faults).sort(), ['bad-price', 'duplicate', 'undecodable']);
    assert.equal(delivery.faults.undecodable, 0);
    assert.throws(
      () => {
        production.setFaults(
          new Map([
            ['duplicate', 0.6],
            ['late', 0.6],
          ]),
        );
      },
      { code: 'bad-faults' },
    );
  });

  it('says when the first batch went, and how many each acknowledgement covered', async () => {
    const acknowledged: number[] = [];
    const before = Date.now();
    const { production } = start({ count: 12_000, onSent: (lines) => acknowledged.push(lines) });
    const first = (): number | undefined => production.firstSentAt;
    assert.equal(first(), undefined);
    await production.ended;
    const at = first() ?? 0;
    assert.ok(at >= before && at <= Date.now());
    assert.ok(acknowledged.length > 1);
    assert.equal(
      acknowledged.reduce((sum, lines) => sum + lines, 0),
      12_000,
    );
  });

  it('can be stopped while it is paused', async () => {
    const { production } = start({ count: 100 });
    production.pause();
    production.stop();
    assert.equal((await production.ended).delivery.sent, 0);
  });

  it('counts only what was acknowledged when it breaks off', async () => {
    const { from, production } = start({ count: 20_000 }, memory(2));
    const { delivery, failure } = await production.ended;
    assert.ok(failure instanceof UserError && failure.code === 'not-acknowledged');
    assert.equal(delivery.sent, from.sent.length);
    assert.ok(delivery.sent > 0 && delivery.sent < 20_000);
    assert.equal(from.closed, true);
  });
});
