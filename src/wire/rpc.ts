/**
 * Typed calls between editor and page, both ways over one message port: a call is answered, refused or cancelled.
 * Packets are plain JSON, so that `postMessage` can carry them.
 */

/** What one side offers: each call's parameter and result. */
export type Contract = Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;

/** What one side may be told without answering. */
export type Notices = Readonly<Record<string, unknown>>;

export type Handlers<C extends Contract> = {
  readonly [K in keyof C]: (
    params: C[K]['params'],
    signal: AbortSignal,
  ) => Promise<C[K]['result']> | C[K]['result'];
};

export type Listeners<N extends Notices> = { readonly [K in keyof N]: (params: N[K]) => void };

/** A refusal as it crosses: what a person reads, and what may mend it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly action?: { readonly title: string; readonly command: string; readonly args?: readonly string[] };
}

/** Thrown at the caller when the other side refused. */
export class RemoteError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'RemoteError';
    this.failure = failure;
  }
}

type Packet =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'notice'; readonly method: string; readonly params: unknown };

export interface Port {
  post(packet: unknown): void;
  onPacket(listener: (packet: unknown) => void): void;
}

export interface Peer<C extends Contract, N extends Notices> {
  /** Rejects with {@link RemoteError}, or with an `AbortError` as soon as the signal is aborted. */
  call<K extends keyof C & string>(
    method: K,
    params: C[K]['params'],
    signal?: AbortSignal,
  ): Promise<C[K]['result']>;
  notify<K extends keyof N & string>(method: K, params: N[K]): void;
  /** Aborts what this side still works on and refuses what it still waits for. */
  close(): void;
}

function isPacket(value: unknown): value is Packet {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

const aborted = (): Error => Object.assign(new Error('aborted'), { name: 'AbortError' });

/** One end. `L` is what it answers and hears, `R` what it calls and tells. */
export function createPeer<
  L extends Contract,
  LN extends Notices,
  R extends Contract,
  RN extends Notices,
>(options: {
  readonly port: Port;
  readonly handlers: Handlers<L>;
  readonly listeners: Listeners<LN>;
  /** Turns what a handler threw into what crosses. */
  readonly describe: (error: unknown) => Failure;
}): Peer<R, RN> {
  const { port } = options;
  const handlers = options.handlers as Readonly<Record<string, Handlers<Contract>[string] | undefined>>;
  const listeners = options.listeners as Readonly<Record<string, ((params: unknown) => void) | undefined>>;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const working = new Map<number, AbortController>();
  let lastId = 0;
  let closed = false;

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    working.set(id, controller);
    let packet: Packet;
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new Error(`unknown call: ${method}`);
      packet = { kind: 'result', id, result: await handler(params, controller.signal) };
    } catch (error) {
      packet = { kind: 'failure', id, failure: options.describe(error) };
    }
    working.delete(id);
    if (!closed && !controller.signal.aborted) port.post(packet);
  };

  port.onPacket((packet) => {
    if (closed || !isPacket(packet)) return;
    switch (packet.kind) {
      case 'call':
        void answer(packet.id, packet.method, packet.params);
        break;
      case 'result':
        waiting.get(packet.id)?.resolve(packet.result);
        break;
      case 'failure':
        waiting.get(packet.id)?.reject(new RemoteError(packet.failure));
        break;
      case 'cancel':
        working.get(packet.id)?.abort();
        break;
      case 'notice':
        if (Object.hasOwn(listeners, packet.method)) listeners[packet.method]?.(packet.params);
        break;
    }
  });

  return {
    call: (method, params, signal) =>
      new Promise((resolve, reject) => {
        if (closed || signal?.aborted) {
          reject(aborted());
          return;
        }
        const id = ++lastId;
        const cancel = (): void => {
          port.post({ kind: 'cancel', id } satisfies Packet);
          waiting.get(id)?.reject(aborted());
        };
        const settle = (): void => {
          waiting.delete(id);
          signal?.removeEventListener('abort', cancel);
        };
        waiting.set(id, {
          resolve: (value) => {
            settle();
            resolve(value);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        });
        signal?.addEventListener('abort', cancel);
        port.post({ kind: 'call', id, method, params } satisfies Packet);
      }),
    notify: (method, params) => {
      if (!closed) port.post({ kind: 'notice', method, params } satisfies Packet);
    },
    close: () => {
      closed = true;
      for (const controller of working.values()) controller.abort();
      for (const call of [...waiting.values()]) call.reject(aborted());
    },
  };
}
