/** Records who opens connections and starts processes in this extension host. */
import childProcess from 'node:child_process';
import { Socket } from 'node:net';

const slot = Symbol.for('orders-lakehouse.test.outside');
const holder = globalThis as { [slot]?: string[] };

/** Stacks of the calls so far that came from this extension. */
export function outsideCalls(): readonly string[] {
  return (holder[slot] ?? []).filter((stack) => /[/\\]dist[/\\](extension|clients)/.test(stack));
}

export function recordOutside(): void {
  const stacks: string[] = (holder[slot] = []);
  const record = (what: string): void => {
    stacks.push(new Error(what).stack ?? what);
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    record('connect');
    return Reflect.apply(connect, this, args) as Socket;
  };
  const { spawn } = childProcess;
  childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
    record('spawn');
    return spawn(...args);
  }) as typeof spawn;
}
