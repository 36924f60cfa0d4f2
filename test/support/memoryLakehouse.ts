/** A lakehouse whose broker keeps what it is sent. */
import { UserError } from '../../src/core/errors.ts';
import type { OrderLine } from '../../src/core/orders.ts';
import type { Broker, Lakehouse, OutgoingMessage } from '../../src/core/ports.ts';

export interface MemoryLakehouse {
  readonly lakehouse: Pick<Lakehouse, 'broker' | 'encoder'>;
  readonly sent: OutgoingMessage[];
  closed: boolean;
}

/** `refuseFrom` batches on it acknowledges nothing. */
export function memoryLakehouse(refuseFrom = Infinity): MemoryLakehouse {
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
              send: async (_topic: string, messages: readonly OutgoingMessage[]) => {
                // A broker's answer comes in a turn of its own.
                await new Promise((resolve) => setImmediate(resolve));
                if (++batches > refuseFrom) {
                  throw new UserError('not-acknowledged', 'Kafka does not take it.', {
                    hint: 'Look at its log.',
                  });
                }
                state.sent.push(...messages);
                return messages.map((_, at) => ({ partition: 0, offset: String(at) }));
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
