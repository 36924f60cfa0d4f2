/** Messages as bytes: one block with the keys, values and headers, and a typed column for each number. */
import type { Header, RawMessage } from '../topics.ts';

export const SLAB_RECORDS = 32_768;
export const SLAB_BYTES = 4 * 1024 * 1024;
const NULL = -1;
/** Of a header: the lengths of its name and of its value. */
const HEADER_LENGTHS = 8;

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

export class Slab {
  /** Number of the first record; the next ones follow. */
  readonly first: number;
  count = 0;
  used = 0;
  readonly bytes: Uint8Array;
  readonly partitions = new Int32Array(SLAB_RECORDS);
  readonly offsets = new BigInt64Array(SLAB_RECORDS);
  /** Milliseconds since the epoch. */
  readonly timestamps = new Float64Array(SLAB_RECORDS);
  /** Where the key begins in the bytes; the value and the headers follow it. */
  readonly starts = new Uint32Array(SLAB_RECORDS);
  readonly keyLengths = new Int32Array(SLAB_RECORDS);
  readonly valueLengths = new Int32Array(SLAB_RECORDS);
  readonly headerLengths = new Uint32Array(SLAB_RECORDS);

  /** Memory that is never written to is never taken: a small topic costs little. */
  constructor(first: number, bytes = SLAB_BYTES) {
    this.first = first;
    this.bytes = new Uint8Array(bytes);
  }

  get end(): number {
    return this.first + this.count;
  }

  /** False when it does not fit. */
  add(message: RawMessage, headers: Uint8Array): boolean {
    const { key, value } = message;
    const size = (key?.length ?? 0) + (value?.length ?? 0) + headers.length;
    if (this.count === SLAB_RECORDS || this.used + size > this.bytes.length) return false;
    const at = this.count++;
    this.partitions[at] = message.partition;
    this.offsets[at] = BigInt(message.offset);
    this.timestamps[at] = message.timestampMs;
    this.starts[at] = this.used;
    this.keyLengths[at] = this.#put(key);
    this.valueLengths[at] = this.#put(value);
    this.headerLengths[at] = headers.length;
    this.#put(headers);
    return true;
  }

  #put(bytes: Uint8Array | null): number {
    if (bytes === null) return NULL;
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
    return bytes.length;
  }

  /** Where the bytes of a record end. */
  endOf(at: number): number {
    return at + 1 < this.count ? (this.starts[at + 1] ?? 0) : this.used;
  }

  /** The message at a place; its bytes are views into the slab. */
  read(topic: string, at: number): RawMessage {
    const start = this.starts[at] ?? 0;
    const keyLength = this.keyLengths[at] ?? NULL;
    const valueLength = this.valueLengths[at] ?? NULL;
    const valueAt = start + Math.max(0, keyLength);
    const headersAt = valueAt + Math.max(0, valueLength);
    return {
      topic,
      partition: this.partitions[at] ?? 0,
      offset: String(this.offsets[at]),
      timestampMs: this.timestamps[at] ?? 0,
      key: keyLength === NULL ? null : this.bytes.subarray(start, valueAt),
      value: valueLength === NULL ? null : this.bytes.subarray(valueAt, headersAt),
      headers: unpackHeaders(this.bytes.subarray(headersAt, headersAt + (this.headerLengths[at] ?? 0))),
    };
  }
}

const NO_HEADERS = new Uint8Array(0);

/** Lengths of name and value (−1 for null), then both, for each header in its order. */
export function packHeaders(headers: readonly Header[]): Uint8Array {
  if (headers.length === 0) return NO_HEADERS;
  const named = headers.map(({ name, value }) => ({ name: utf8.encoder.encode(name), value }));
  const size = named.reduce(
    (sum, { name, value }) => sum + HEADER_LENGTHS + name.length + (value?.length ?? 0),
    0,
  );
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { name, value } of named) {
    view.setUint32(at, name.length);
    view.setInt32(at + 4, value?.length ?? NULL);
    packed.set(name, at + HEADER_LENGTHS);
    if (value) packed.set(value, at + HEADER_LENGTHS + name.length);
    at += HEADER_LENGTHS + name.length + (value?.length ?? 0);
  }
  return packed;
}

function unpackHeaders(packed: Uint8Array): readonly Header[] {
  const headers: Header[] = [];
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  for (let at = 0; at < packed.length;) {
    const nameAt = at + HEADER_LENGTHS;
    const valueAt = nameAt + view.getUint32(at);
    const length = view.getInt32(at + 4);
    at = valueAt + Math.max(0, length);
    headers.push({
      name: utf8.decoder.decode(packed.subarray(nameAt, valueAt)),
      value: length === NULL ? null : packed.subarray(valueAt, at),
    });
  }
  return headers;
}
