import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import type { OrderLine } from '../../../src/core/orders.ts';
import type { Broker, Lakehouse, OutgoingMessage } from '../../../src/core/ports.ts';
import { startProducing, type ProduceOptions, type Production } from '../../../src/core/produce.ts';

const options: ProduceOptions = {
  seed: 1,
  clock: Date.UTC(2026, 0, 31),
  faults: new Map(),
  format: 'avro',
};

/** A lakehouse whose broker keeps what it is sent; `refuseFrom` batches on it acknowledges nothing. */
function memory(refuseFrom = Infinity): {
  readonly lakehouse: Pick<Lakehouse, 'broker' | 'encoder'>;
  readonly sent: OutgoingMessage[];
  closed: boolean;
} {
  let batches = 0;
  const state = {
    sent: [] as OutgoingMessage[],
    closed: false,
    lakehouse: {
      broker: () =>
        Promise.resolve({
          ensureTopic: () => Promise.resolve(),
          batchLimit: () => Promise.resolve(1_000_000),
          producer: () =>
            Promise.resolve({
              send: (_topic: string, messages: readonly OutgoingMessage[]) => {
                if (++batches > refuseFrom) return Promise.reject(new UserError('not-acknowledged', 'no'));
                state.sent.push(...messages);
                return Promise.resolve();
              },
              close: () => {
                state.closed = true;
                return Promise.resolve();
              },
            }),
        } as unknown as Broker),
      encoder: () =>
        Promise.resolve({
          topic: 'orders',
          encode: (line: OrderLine) => ({ key: Buffer.from(line.transactionNo), value: Buffer.alloc(80) }),
        }),
    },
  };
  return state;
}

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
