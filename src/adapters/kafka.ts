import type { Broker } from '../core/ports.ts';

export function createBroker(_bootstrap: string): Promise<Broker> {
  return Promise.reject(new Error('not built yet'));
}
