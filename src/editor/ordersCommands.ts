import { UserError } from '../core/errors.ts';
import type { Room } from './room.ts';

export function produce(_room: Room): Promise<void> {
  throw new UserError('not-built-yet', 'Not built yet.');
}

export function importCsv(_room: Room, _argument: unknown): Promise<void> {
  throw new UserError('not-built-yet', 'Not built yet.');
}
