/** Waits for a SQL warehouse; one that is stopped is started. */
import { throwIfCancelled, UserError } from '../errors.ts';
import type { OnEvent } from '../events.ts';
import { t } from '../l10n.ts';
import { systemClock, type Clock } from '../pacer.ts';
import type { Warehouse, Warehouses } from './ports.ts';

const POLL_MS = 2000;

/** A state in words. */
export function warehouseState(state: string): string {
  switch (state) {
    case 'RUNNING':
      return t('running');
    case 'STARTING':
      return t('starting');
    case 'STOPPING':
      return t('stopping');
    case 'STOPPED':
      return t('stopped');
    default:
      return state.toLowerCase();
  }
}

/** Resolves when it runs. Throws UserError `no-such-warehouse`. */
export async function startWarehouse(
  warehouses: Pick<Warehouses, 'get' | 'start'>,
  id: string,
  onEvent: OnEvent,
  signal: AbortSignal,
  clock: Pick<Clock, 'sleep'> = systemClock,
): Promise<Warehouse> {
  let told = '';
  let started = false;
  for (;;) {
    throwIfCancelled(signal);
    const warehouse = await warehouses.get(id);
    if (!warehouse || warehouse.state === 'DELETED' || warehouse.state === 'DELETING') {
      throw new UserError('no-such-warehouse', t('The SQL warehouse is not there any more.'), {
        hint: t('It was deleted, or this login may not use it. Choose another one.'),
      });
    }
    const { state, name } = warehouse;
    if (state === 'RUNNING') return warehouse;
    if (state !== told) {
      onEvent({ type: 'message', level: 'info', message: `${name}: ${warehouseState(state)}` });
      told = state;
    }
    // One that is stopping takes no start; one that fails to start is stopped again.
    if (state === 'STOPPED') {
      if (started) {
        throw new UserError('warehouse-stopped', t('The SQL warehouse {0} stopped again.', name), {
          hint: t('Its own page in the workspace says why.'),
        });
      }
      started = true;
      await warehouses.start(id);
    }
    await clock.sleep(POLL_MS, signal);
  }
}
