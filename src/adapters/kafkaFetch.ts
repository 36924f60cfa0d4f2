/** One fetch from one broker, its answer read from the bytes; see recordBatch.ts for why not by kafkajs. */
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import type { Connection } from './kafkaConnection.ts';
import type { AbortedTransaction } from './recordBatch.ts';

const READ_COMMITTED = 1;
const FETCH_BYTES = 8 * 1024 * 1024;
const PARTITION_BYTES = 1024 * 1024;
/** The first version whose answers hold record batches. */
const OLDEST = 4;

/** https://kafka.apache.org/protocol#protocol_error_codes */
const OFFSET_OUT_OF_RANGE = 1;
const MOVED = new Set([5, 6, 9, 74, 75, 78]);

export interface FetchedPartition {
  readonly partition: number;
  /** `out-of-range`: what was asked for is gone or not there yet; `moved`: another broker leads the partition. */
  readonly state: 'ok' | 'out-of-range' | 'moved';
  /** Where committed messages end. */
  readonly end: bigint;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

class AnswerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE((this.#at += 2) - 2);
  }

  int32(): number {
    return this.#bytes.readInt32BE((this.#at += 4) - 4);
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE((this.#at += 8) - 8);
  }

  string(): string {
    const length = this.int16();
    return this.take(length).toString('utf8');
  }

  take(length: number): Buffer {
    return this.#bytes.subarray(this.#at, (this.#at += Math.max(0, length)));
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }
}

/** https://kafka.apache.org/protocol#The_Messages_Fetch, versions 4 to 11. Throws what the broker says is wrong. */
export function readFetchAnswer(bytes: Buffer, version: number): FetchedPartition[] {
  const reader = new AnswerReader(bytes);
  reader.int32();
  if (version >= 7) {
    const error = reader.int16();
    if (error !== 0) throw createErrorFromCode(error);
    reader.int32();
  }
  return reader
    .list(() => {
      reader.string();
      return reader.list(() => {
        const partition = reader.int32();
        const error = reader.int16();
        const high = reader.int64();
        const stable = reader.int64();
        if (version >= 5) reader.int64();
        const aborted = reader.list(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
        if (version >= 11) reader.int32();
        const records = reader.take(reader.int32());
        const state = stateOf(error);
        return { partition, state, end: stable >= 0n ? stable : high, aborted, records };
      });
    })
    .flat();
}

function stateOf(error: number): FetchedPartition['state'] {
  if (error === 0) return 'ok';
  if (error === OFFSET_OUT_OF_RANGE) return 'out-of-range';
  if (MOVED.has(error)) return 'moved';
  throw createErrorFromCode(error);
}

/**
 * What a broker holds from the given offsets of its partitions on; waits up to `maxWaitMs` until there is something.
 * At least one whole batch comes of a partition that has one, however large.
 */
export async function fetchOnce(
  connection: Connection,
  nodeId: string,
  topic: string,
  cursors: ReadonlyMap<number, bigint>,
  maxWaitMs: number,
): Promise<readonly FetchedPartition[]> {
  const broker = await connection.findBroker({ nodeId });
  const partitions = [...cursors].map(([partition, offset]) => ({
    partition,
    fetchOffset: String(offset),
    maxBytes: PARTITION_BYTES,
  }));
  // The broker fills its answer in the order of the request: none may always be the last.
  const turn = Math.floor(Math.random() * partitions.length);
  const asked = broker.lookupRequest(
    apiKeys.Fetch,
    requests.Fetch,
  )({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions: [...partitions.slice(turn), ...partitions.slice(0, turn)] }],
    rackId: '',
  });
  const version = asked.request.apiVersion;
  if (version < OLDEST) throw new Error(`the broker speaks version ${version} of Fetch; ${OLDEST} is needed`);
  return broker.connectionPool.send({
    ...asked,
    response: {
      decode: (bytes: Buffer) => Promise.resolve(readFetchAnswer(bytes, version)),
      parse: (answer: FetchedPartition[]) => Promise.resolve(answer),
    },
  });
}
