/** Up to so many messages of one topic, numbered as they came; the oldest are let go for the newest. */
import type { RawMessage } from '../topics.ts';
import { packHeaders, Slab, SLAB_BYTES } from './slab.ts';

export interface StoreLimits {
  readonly records: number;
  readonly bytes: number;
}

export interface RecordStore {
  readonly topic: string;
  /** Number of the oldest record that is held. */
  readonly first: number;
  /** Number that the next record gets. */
  readonly end: number;
  /** Of keys, values and headers. */
  readonly bytes: number;
  readonly slabs: readonly Slab[];
  /** `onDropped` tells of each slab that went to make room. */
  append(messages: readonly RawMessage[]): void;
  /** Undefined for one that is not held. */
  get(record: number): RawMessage | undefined;
}

export function createRecordStore(
  topic: string,
  limits: StoreLimits,
  onDropped: (slab: Slab) => void = () => undefined,
): RecordStore {
  const slabs: Slab[] = [];
  let end = 0;
  let bytes = 0;

  const trim = (): void => {
    for (;;) {
      const [oldest] = slabs;
      if (!oldest || slabs.length === 1) return;
      const held = end - oldest.first;
      // A slab goes as a whole: what stays is never more than the limit, nor less than the limit by a slab.
      if (held <= limits.records && bytes <= limits.bytes) return;
      slabs.shift();
      bytes -= oldest.used;
      onDropped(oldest);
    }
  };
  const add = (message: RawMessage): void => {
    const headers = packHeaders(message.headers);
    let last = slabs.at(-1);
    const before = last?.used ?? 0;
    if (last?.add(message, headers)) {
      bytes += last.used - before;
    } else {
      const size = (message.key?.length ?? 0) + (message.value?.length ?? 0) + headers.length;
      last = new Slab(end, Math.max(SLAB_BYTES, size));
      slabs.push(last);
      last.add(message, headers);
      bytes += last.used;
    }
    end++;
  };
  const slabOf = (record: number): Slab | undefined => {
    let low = 0;
    let high = slabs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const slab = slabs[middle];
      if (!slab) return undefined;
      if (record < slab.first) high = middle - 1;
      else if (record >= slab.end) low = middle + 1;
      else return slab;
    }
    return undefined;
  };

  return {
    topic,
    get first() {
      return slabs[0]?.first ?? end;
    },
    get end() {
      return end;
    },
    get bytes() {
      return bytes;
    },
    slabs,
    append: (messages) => {
      for (const message of messages) add(message);
      trim();
    },
    get: (record) => {
      const slab = slabOf(record);
      return slab?.read(topic, record - slab.first);
    },
  };
}
