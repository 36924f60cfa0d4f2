import assert from 'node:assert/strict';
import type { Warehouse } from '../../../../src/core/databricks/ports.ts';
import { startWarehouse } from '../../../../src/core/databricks/startWarehouse.ts';
import type { Event } from '../../../../src/core/events.ts';

const { signal } = new AbortController();

/** In each of these states, one look after the other; the last one stays. */
function warehouse(states: readonly (string | undefined)[]) {
  const calls: string[] = [];
  let look = -1;
  return {
    calls,
    get: (id: string): Promise<Warehouse | undefined> => {
      calls.push('get');
      look = Math.min(look + 1, states.length - 1);
      const state = states[look];
      return Promise.resolve(
        state === undefined ? undefined : { id, name: 'Small', state, serverless: true, httpPath: '/x' },
      );
    },
    start: (): Promise<void> => Promise.resolve(void calls.push('start')),
  };
}

async function run(states: readonly (string | undefined)[]) {
  const fake = warehouse(states);
  const told: string[] = [];
  const waits: number[] = [];
  const onEvent = (event: Event): void => {
    if (event.type === 'message') told.push(event.message);
  };
  const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
  const found = await startWarehouse(fake, 'w', onEvent, signal, { sleep });
  return { found, told, waits, calls: fake.calls };
}

describe('a SQL warehouse that is needed', () => {
  it('is not started when it runs', async () => {
    assert.deepEqual((await run(['RUNNING'])).calls, ['get']);
  });

  it('is started once, and each of its states is told once', async () => {
    const { calls, told, waits, found } = await run(['STOPPED', 'STARTING', 'STARTING', 'RUNNING']);
    assert.deepEqual(calls, ['get', 'start', 'get', 'get', 'get']);
    assert.deepEqual(told, ['Small: stopped', 'Small: starting']);
    assert.equal(waits.length, 3);
    assert.equal(found.state, 'RUNNING');
  });

  it('is waited for while it stops, and started then', async () => {
    assert.deepEqual((await run(['STOPPING', 'STOPPED', 'RUNNING'])).calls, ['get', 'get', 'start', 'get']);
  });

  it('is not started for ever', async () => {
    await assert.rejects(run(['STOPPED', 'STARTING', 'STOPPED']), { code: 'warehouse-stopped' });
  });

  it('may be gone', async () => {
    await assert.rejects(run([undefined]), { code: 'no-such-warehouse' });
    await assert.rejects(run(['DELETED']), { code: 'no-such-warehouse' });
  });

  it('is waited for no longer when that is cancelled', async () => {
    const controller = new AbortController();
    const sleep = (): Promise<void> => {
      controller.abort();
      return Promise.resolve();
    };
    await assert.rejects(
      startWarehouse(warehouse(['STARTING']), 'w', () => undefined, controller.signal, { sleep }),
      { name: 'Cancelled' },
    );
  });
});
