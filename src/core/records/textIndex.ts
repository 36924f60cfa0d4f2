/**
 * Finds text in messages without decoding them all. Most of what a person reads stands as it is in a message's bytes
 * (strings of Avro and JSON are UTF-8), so the bytes are searched. What does not stand there (numbers and dates of a
 * binary format, symbols of an enum, escaped characters) is kept beside them, once each slab was decoded.
 * What is found are candidates: whoever asks decodes them to be sure.
 */
import type { Message, RawMessage } from '../topics.ts';
import { textsAt } from './fields.ts';
import { SLAB_RECORDS, type Slab } from './slab.ts';

/** Where a sequence of bytes begins at or after a place; −1 when it does not. The outside has a fast one. */
export type FindBytes = (bytes: Uint8Array, wanted: Uint8Array, from: number) => number;

const LATIN = 0xc3;
const TIMES = 0x97;
/** Between texts; no text that is looked for holds it. */
const SEPARATOR = 0;
const FIRST_BYTES = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Four bytes at once: the high bits, which ASCII has none of, and what carries into them from `A` and from `[` on. */
const HIGH_BITS = 0x80808080;
const FROM_A = 0x3f3f3f3f;
const BEYOND_Z = 0x25252525;

function foldByte(bytes: Uint8Array, at: number): void {
  const byte = bytes[at] ?? 0;
  const latin = byte >= 0x80 && byte <= 0x9e && byte !== TIMES && bytes[at - 1] === LATIN;
  if (latin || (byte >= 0x41 && byte <= 0x5a)) bytes[at] = byte + 0x20;
}

/**
 * Lower case of what UTF-8 writes for ASCII and Latin-1 (`É` is `é`); any other byte stays. `into` is as long as the
 * bytes or longer, and begins where its buffer does.
 */
export function foldBytes(bytes: Uint8Array, into: Uint8Array): Uint8Array {
  const folded = into.subarray(0, bytes.length);
  folded.set(bytes);
  const words = new Uint32Array(into.buffer, 0, bytes.length >>> 2);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? 0;
    if ((word & HIGH_BITS) === 0) {
      words[index] = word | ((((word + FROM_A) ^ (word + BEYOND_Z)) & HIGH_BITS) >>> 2);
    } else {
      for (let at = index * 4; at < index * 4 + 4; at++) foldByte(folded, at);
    }
  }
  for (let at = words.length * 4; at < folded.length; at++) foldByte(folded, at);
  return folded;
}

/** Whether the bytes' lower case is the text's: no letter beyond Latin-1 has another case. */
function foldsAsBytes(text: string): boolean {
  return (
    /^[\0-\xff]*$/.test(text) ||
    text.replace(/[\0-\xff]/g, '').toLowerCase() === text.replace(/[\0-\xff]/g, '')
  );
}

export const fold = (text: string): string => text.toLowerCase();

/** What one slab holds beside its bytes. */
export class SlabTexts {
  readonly slab: Slab;
  built = 0;
  #used = 0;
  #bytes = new Uint8Array(FIRST_BYTES);
  readonly #ends = new Uint32Array(SLAB_RECORDS);
  /** One for a record that could not be decoded. */
  readonly problems = new Uint8Array(SLAB_RECORDS);

  constructor(slab: Slab) {
    this.slab = slab;
  }

  /** Of the records from {@link built} on, in their order. */
  add(raws: readonly RawMessage[], messages: readonly Message[]): void {
    messages.forEach((message, index) => {
      const raw = raws[index];
      if (!raw) return;
      const plain = decoder.decode(this.#record(this.built));
      const kept: string[] = [];
      for (const text of textsAt(message, 'anywhere')) {
        if (!plain.includes(text) || !foldsAsBytes(text)) kept.push(fold(text));
      }
      if (kept.length > 0) this.#put(encoder.encode(`${kept.join('\0')}\0`));
      if (message.error !== undefined) this.problems[this.built] = 1;
      this.#ends[this.built++] = this.#used;
    });
  }

  #record(at: number): Uint8Array {
    return this.slab.bytes.subarray(this.slab.starts[at] ?? 0, this.slab.endOf(at));
  }

  #put(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + bytes.length));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Marks the decoded records in [from, to) that may hold the text. `scratch` holds a slab's bytes. */
  candidates(
    text: string,
    [from, to]: readonly [number, number],
    find: FindBytes,
    scratch: Uint8Array,
    marks: Uint8Array,
  ): void {
    const wanted = encoder.encode(text);
    const folded = foldBytes(wanted, new Uint8Array(wanted.length));
    const { slab } = this;
    const begin = slab.starts[from] ?? 0;
    const bytes = foldBytes(slab.bytes.subarray(begin, to > from ? slab.endOf(to - 1) : begin), scratch);
    markAll(bytes, folded, find, from, to, (at) => slab.endOf(at) - begin, marks);
    const index = this.#bytes.subarray(from === 0 ? 0 : this.#ends[from - 1], this.#ends[to - 1] ?? 0);
    const base = from === 0 ? 0 : (this.#ends[from - 1] ?? 0);
    markAll(index, encoder.encode(fold(text)), find, from, to, (at) => (this.#ends[at] ?? 0) - base, marks);
  }
}

function markAll(
  bytes: Uint8Array,
  wanted: Uint8Array,
  find: FindBytes,
  from: number,
  to: number,
  endOf: (at: number) => number,
  marks: Uint8Array,
): void {
  if (wanted.includes(SEPARATOR)) {
    // Nobody can type it; everything is a candidate.
    marks.fill(1, from, to);
    return;
  }
  let record = from;
  for (let at = find(bytes, wanted, 0); at >= 0;) {
    while (record < to && endOf(record) <= at) record++;
    if (record >= to) return;
    const end = endOf(record);
    if (at + wanted.length <= end) {
      marks[record] = 1;
      at = find(bytes, wanted, end);
    } else {
      // It reaches over into the next record, as no text does.
      at = find(bytes, wanted, at + 1);
    }
  }
}
