import type { Tables } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';

export function createTables(_at: Endpoints['sparkSql']): Promise<Tables> {
  return Promise.reject(new Error('not built yet'));
}
