import assert from 'node:assert/strict';
import { createPeer, RemoteError, type Failure, type Handlers, type Port } from '../../../src/wire/rpc.ts';

type Calls = {
  readonly double: { readonly params: number; readonly result: number };
  readonly wait: { readonly params: null; readonly result: null };
};
type Nothing = Readonly<Record<string, never>>;
type News = { readonly said: string };

/** Two ports joined by a channel that carries JSON and answers later, as postMessage does. */
function joined(): [Port, Port, unknown[]] {
  const listeners: ((packet: unknown) => void)[][] = [[], []];
  const carried: unknown[] = [];
  const port = (own: number): Port => ({
    post: (packet) => {
      carried.push(packet);
      const copy: unknown = JSON.parse(JSON.stringify(packet));
      queueMicrotask(() => {
        for (const listener of listeners[1 - own] ?? []) listener(copy);
      });
    },
    onPacket: (listener) => {
      listeners[own]?.push(listener);
    },
  });
  return [port(0), port(1), carried];
}

function pair(handlers: Handlers<Calls>, heard: string[] = []) {
  const [a, b, carried] = joined();
  const describe = (error: unknown): Failure => ({ code: 'fault', message: String(error) });
  const host = createPeer<Calls, Nothing, Nothing, News>({ port: a, handlers, listeners: {}, describe });
  const page = createPeer<Nothing, News, Calls, Nothing>({
    port: b,
    handlers: {},
    listeners: { said: (text) => heard.push(text) },
    describe,
  });
  return { host, page, carried };
}

const doubling: Handlers<Calls> = { double: (value) => value * 2, wait: () => null };

describe('the wire', () => {
  it('answers each caller with its own result', async () => {
    const { page } = pair(doubling);
    assert.deepEqual(await Promise.all([1, 2, 3].map((value) => page.call('double', value))), [2, 4, 6]);
  });

  it('rejects with what the handler refused', async () => {
    const { page } = pair({
      ...doubling,
      double: () => {
        throw new Error('no');
      },
    });
    await assert.rejects(page.call('double', 1), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.deepEqual(error.failure, { code: 'fault', message: 'Error: no' });
      return true;
    });
  });

  it('rejects a call that nobody answers to, inherited names too', async () => {
    const { page } = pair(doubling);
    for (const name of ['triple', 'toString', 'constructor']) {
      await assert.rejects(page.call(name as 'double', 1), RemoteError);
    }
  });

  it('cancels on both sides', async () => {
    let seen: AbortSignal | undefined;
    const { page } = pair({
      ...doubling,
      wait: (_params, signal) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const waiting = page.call('wait', null, controller.signal);
    await new Promise(setImmediate);
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await new Promise(setImmediate);
    assert.equal(seen?.aborted, true);
  });

  it('does not begin a call whose signal is aborted already', async () => {
    const { page, carried } = pair(doubling);
    await assert.rejects(page.call('double', 1, AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(carried, []);
  });

  it('refuses what is open when it closes, and hears nothing after', async () => {
    const heard: string[] = [];
    const { host, page } = pair({ ...doubling, wait: () => new Promise(() => undefined) }, heard);
    const waiting = page.call('wait', null);
    host.notify('said', 'one');
    await new Promise(setImmediate);
    page.close();
    host.notify('said', 'two');
    await assert.rejects(waiting, { name: 'AbortError' });
    await new Promise(setImmediate);
    assert.deepEqual(heard, ['one']);
  });

  it('ignores what is no packet', async () => {
    const [a, b] = joined();
    createPeer<Calls, Nothing, Nothing, News>({
      port: a,
      handlers: doubling,
      listeners: {},
      describe: () => ({ code: '', message: '' }),
    });
    for (const odd of [null, 1, 'text', {}, { kind: 'result', id: 99 }, { kind: 'cancel', id: 99 }])
      b.post(odd);
    await new Promise(setImmediate);
  });
});
