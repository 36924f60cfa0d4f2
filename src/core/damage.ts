/** Breaks the bytes of an encoded message, each way for a reason of its own. */
import type { Damage } from './faults.ts';
import type { OutgoingMessage } from './ports.ts';

const FRAME_BYTES = 5;
/** No registry gets that far. */
const UNKNOWN_SCHEMA = [0x7f, 0xff, 0xff, 0xfe];

function broken(value: Uint8Array, damage: Damage): Uint8Array {
  switch (damage) {
    case 'first-byte':
      return Uint8Array.from([0x63, ...value.subarray(1)]);
    case 'schema-id':
      return Uint8Array.from([0, ...UNKNOWN_SCHEMA, ...value.subarray(FRAME_BYTES)]);
    case 'cut-short':
      // Half of the body is gone, and with it fields that must be there.
      return value.slice(0, FRAME_BYTES + Math.floor((value.length - FRAME_BYTES) / 2));
  }
}

export const damaged = (message: OutgoingMessage, damage: Damage | undefined): OutgoingMessage =>
  damage && message.value ? { ...message, value: broken(message.value, damage) } : message;
