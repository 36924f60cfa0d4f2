/**
 * Reads the record batches of a fetch. kafkajs' own reader merges repeated headers, and tells nothing of batches
 * that compaction emptied, so that a reading cannot go on past them. Format: https://kafka.apache.org/documentation/#recordbatch
 */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Header, RawMessage } from '../core/topics.ts';
import { decompress } from './kafkaCodecs.ts';

/** Of a batch: its first offset and its length. */
const LOG_OVERHEAD = 12;
/** From the length on, up to the records. */
const BATCH_HEADER = 49;
const MAGIC_AT = 16;
const MAGIC = 2;
const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const ABORT = 0;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface ReadRecords {
  /** Of committed transactions, or of none; without marks. */
  readonly messages: RawMessage[];
  /** Offset after the last batch that was whole; the given one when there was none. */
  readonly next: bigint;
}

const NO_HEADERS: readonly Header[] = [];

/** Reads records one after the other. Throws RangeError when they are cut off. */
class RecordReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** A zigzag number that fits 32 bits. */
  varint(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (result >>> 1) ^ -(result & 1);
    }
    throw new RangeError('varint too long');
  }

  /** A zigzag number of up to 64 bits, exact up to 2^53: time differences. */
  varlong(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    let result = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((result >> 1n) ^ -(result & 1n));
    }
    throw new RangeError('varlong too long');
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    return this.take(length);
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('record cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  skipByte(): void {
    this.#at++;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('record cut off');
    return byte;
  }

  headers(): readonly Header[] {
    const count = this.varint();
    if (count <= 0) return NO_HEADERS;
    return Array.from({ length: count }, () => ({
      name: this.bytes()?.toString('utf8') ?? '',
      value: this.bytes(),
    }));
  }
}

interface Batch {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly attributes: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: bigint;
  readonly count: number;
  /** As they stand, perhaps compressed. */
  readonly records: Buffer;
}

/** The next whole batch; undefined when the rest is the beginning of one, as the end of a fetch may be. */
function batchAt(bytes: Buffer, at: number): { batch: Batch; end: number } | undefined {
  if (at + LOG_OVERHEAD + BATCH_HEADER > bytes.length) return undefined;
  const end = at + LOG_OVERHEAD + bytes.readInt32BE(at + 8);
  if (end > bytes.length) return undefined;
  const magic = bytes.readInt8(at + MAGIC_AT);
  if (magic !== MAGIC) {
    throw new UserError(
      'old-message-format',
      t('The topic holds messages in a format from before Kafka 0.11 ({0}).', magic),
    );
  }
  const firstOffset = bytes.readBigInt64BE(at);
  return {
    end,
    batch: {
      firstOffset,
      attributes: bytes.readInt16BE(at + 21),
      lastOffset: firstOffset + BigInt(bytes.readInt32BE(at + 23)),
      firstTimestamp: Number(bytes.readBigInt64BE(at + 27)),
      maxTimestamp: Number(bytes.readBigInt64BE(at + 35)),
      producerId: bytes.readBigInt64BE(at + 43),
      count: bytes.readInt32BE(at + 57),
      records: bytes.subarray(at + LOG_OVERHEAD + BATCH_HEADER, end),
    },
  };
}

function recordsOf(batch: Batch): RecordReader {
  return new RecordReader(decompress(batch.attributes & CODEC, batch.records));
}

/** Whether the mark at the end of a transaction took it back. */
function isAbort(batch: Batch): boolean {
  const reader = recordsOf(batch);
  reader.varint();
  reader.skipByte();
  reader.varlong();
  reader.varint();
  const key = reader.bytes();
  return key !== null && key.length >= 4 && key.readInt16BE(2) === ABORT;
}

/**
 * The messages at or after an offset. `aborted` are the transactions taken back, as the broker tells them.
 * Throws UserError `old-message-format`, `unknown-compression`, and RangeError for a batch whose records do not fit it.
 */
export function readRecords(
  topic: string,
  partition: number,
  bytes: Buffer,
  from: bigint,
  aborted: readonly AbortedTransaction[],
): ReadRecords {
  const messages: RawMessage[] = [];
  const waiting = [...aborted].sort((one, other) => (one.firstOffset < other.firstOffset ? -1 : 1));
  const takenBack = new Set<bigint>();
  let next = from;
  for (let found = batchAt(bytes, 0); found; found = batchAt(bytes, found.end)) {
    const { batch } = found;
    if (batch.lastOffset + 1n > next) next = batch.lastOffset + 1n;
    while (waiting[0] && waiting[0].firstOffset <= batch.lastOffset) {
      takenBack.add(waiting[0].producerId);
      waiting.shift();
    }
    if ((batch.attributes & CONTROL) !== 0) {
      if (batch.count > 0 && isAbort(batch)) takenBack.delete(batch.producerId);
      continue;
    }
    if ((batch.attributes & TRANSACTIONAL) !== 0 && takenBack.has(batch.producerId)) continue;
    if (batch.count > 0 && batch.lastOffset >= from) readBatch(topic, partition, batch, from, messages);
  }
  return { messages, next };
}

function readBatch(topic: string, partition: number, batch: Batch, from: bigint, into: RawMessage[]): void {
  const reader = recordsOf(batch);
  const appended = (batch.attributes & LOG_APPEND_TIME) !== 0;
  // Offsets beyond 2^53 exist in no topic; a difference to the batch's own is small, and all stays exact.
  const skipped = Number(from - batch.firstOffset);
  const first = Number(batch.firstOffset);
  const safe = Number.isSafeInteger(first);
  for (let left = batch.count; left > 0; left--) {
    reader.varint();
    reader.skipByte();
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    const key = reader.bytes();
    const value = reader.bytes();
    const headers = reader.headers();
    if (offsetDelta < skipped) continue;
    into.push({
      topic,
      partition,
      offset: safe ? String(first + offsetDelta) : String(batch.firstOffset + BigInt(offsetDelta)),
      timestampMs: appended ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta,
      key,
      value,
      headers,
    });
  }
}
