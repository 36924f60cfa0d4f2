/** Looks for bytes in bytes, natively. */
import type { FindBytes } from '../core/records/textIndex.ts';

export const findBytes: FindBytes = (bytes, wanted, from) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted, from);
