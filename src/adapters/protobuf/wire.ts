/** The wire format of Protobuf: https://protobuf.dev/programming-guides/encoding/ */
import { readVarint } from '../varint.ts';

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const GROUP = 3;
export const GROUP_END = 4;
export const FIXED32 = 5;

/** Why bytes do not fit a schema; the steps lead to the field, the outermost first. */
export class Unfit extends Error {
  readonly steps: (string | number | { readonly key: string })[] = [];
  readonly why: 'ends' | 'type' | 'utf8' | 'missing' | 'deep' | 'tag';

  constructor(why: Unfit['why']) {
    super(why);
    this.why = why;
  }
}

/** Reads one value after the other; throws {@link Unfit}. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    const found = readVarint(this.#bytes, this.#at);
    if (!found) throw new Unfit('ends');
    this.#at = found.next;
    return found.value;
  }

  /** The low 32 bits, as a number without sign. */
  varint32(): number {
    let value = 0;
    // Nearly all end here; a bigint would be slow.
    for (let length = 0; length < 4; length += 1) {
      const byte = this.#bytes[this.#at + length];
      if (byte === undefined) throw new Unfit('ends');
      value |= (byte & 0x7f) << (7 * length);
      if (byte < 0x80) {
        this.#at += length + 1;
        return value;
      }
    }
    return Number(BigInt.asUintN(32, this.varint()));
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Unfit('ends');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Bytes behind their length. */
  bytes(): Buffer {
    const length = this.varint();
    if (length > BigInt(this.#bytes.length)) throw new Unfit('ends');
    return this.take(Number(length));
  }

  /** What stands between the start of a group, which was read, and its end. */
  group(): Buffer {
    const start = this.#at;
    for (let open = 1; ;) {
      const end = this.#at;
      const wire = this.varint32() & 7;
      if (wire === GROUP) open += 1;
      else if (wire === GROUP_END) open -= 1;
      else this.skip(wire);
      if (open === 0) return this.#bytes.subarray(start, end);
    }
  }

  /** The bytes of a value of any type, as they stand there. */
  raw(wire: number): Buffer {
    const start = this.#at;
    this.skip(wire);
    return this.#bytes.subarray(start, this.#at);
  }

  skip(wire: number): void {
    switch (wire) {
      case VARINT:
        this.varint();
        break;
      case FIXED64:
        this.take(8);
        break;
      case BYTES:
        this.bytes();
        break;
      case GROUP:
        this.group();
        break;
      case FIXED32:
        this.take(4);
        break;
      default:
        throw new Unfit('tag');
    }
  }
}
