import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { readRecords } from '../../../src/adapters/recordBatch.ts';

/** By hand, after https://kafka.apache.org/documentation/#recordbatch */
const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
};
const sized = (data: Buffer | null): Buffer =>
  data === null ? varint(-1) : Buffer.concat([varint(data.length), data]);

interface Made {
  readonly delta: number;
  readonly after?: number | bigint;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [string, string | null])[];
}

function record({
  delta,
  after = 0,
  key = null,
  value = Buffer.from(`v${delta}`),
  headers = [],
}: Made): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(after),
    varint(delta),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [
      sized(Buffer.from(name)),
      sized(text === null ? null : Buffer.from(text)),
    ]),
  ]);
  return sized(body);
}

function batch(
  first: bigint,
  records: readonly Made[],
  more: { attributes?: number; last?: number; producer?: bigint; time?: bigint; newest?: bigint } = {},
): Buffer {
  const plain = Buffer.concat(records.map(record));
  const {
    attributes = 0,
    last = records.at(-1)?.delta ?? 0,
    producer = -1n,
    time = 1000n,
    newest = 1000n,
  } = more;
  const body = (attributes & 7) === 1 ? gzipSync(plain) : plain;
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(first, 0);
  header.writeInt32BE(49 + body.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE(last, 23);
  header.writeBigInt64BE(time, 27);
  header.writeBigInt64BE(newest, 35);
  header.writeBigInt64BE(producer, 43);
  header.writeInt32BE(records.length, 57);
  return Buffer.concat([header, body]);
}

const TRANSACTION = 0x10;
const MARK = 0x30;
const mark = (first: bigint, producer: bigint, kind: 'abort' | 'commit'): Buffer =>
  batch(first, [{ delta: 0, key: Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]) }], {
    attributes: MARK,
    producer,
  });

const read = (bytes: Buffer, from = 0n, aborted: { producerId: bigint; firstOffset: bigint }[] = []) => {
  const { messages, next } = readRecords('t', 3, bytes, from, aborted);
  return { next, messages, offsets: messages.map(({ offset }) => offset) };
};

describe('the records of a fetch', () => {
  it('are read with key, value, time and headers, also repeated ones and those without a value', () => {
    const bytes = batch(10n, [
      {
        delta: 0,
        key: Buffer.from('k'),
        headers: [
          ['a', '1'],
          ['b', null],
          ['a', '2'],
        ],
      },
      { delta: 1, after: 5, value: null },
      { delta: 4, after: -7n, key: Buffer.alloc(0), value: Buffer.alloc(0) },
    ]);
    const { messages, next } = read(bytes);
    assert.deepEqual(messages, [
      {
        topic: 't',
        partition: 3,
        offset: '10',
        timestampMs: 1000,
        key: Buffer.from('k'),
        value: Buffer.from('v0'),
        headers: [
          { name: 'a', value: Buffer.from('1') },
          { name: 'b', value: null },
          { name: 'a', value: Buffer.from('2') },
        ],
      },
      { topic: 't', partition: 3, offset: '11', timestampMs: 1005, key: null, value: null, headers: [] },
      {
        topic: 't',
        partition: 3,
        offset: '14',
        timestampMs: 993,
        key: Buffer.alloc(0),
        value: Buffer.alloc(0),
        headers: [],
      },
    ]);
    assert.equal(next, 15n);
  });

  it('begin at the offset asked for, within a batch', () => {
    assert.deepEqual(read(batch(10n, [{ delta: 0 }, { delta: 1 }, { delta: 2 }]), 11n).offsets, ['11', '12']);
  });

  it('go on after a batch that compaction emptied, also the last', () => {
    const emptied = batch(20n, [], { last: 9, producer: 5n });
    const { offsets, next } = read(Buffer.concat([batch(10n, [{ delta: 0 }]), emptied]));
    assert.deepEqual([offsets, next], [['10'], 30n]);
    assert.deepEqual(read(emptied, 20n).next, 30n);
  });

  it('leave out a transaction that was taken back, and nothing else', () => {
    const bytes = Buffer.concat([
      batch(0n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 1n }),
      batch(1n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 2n }),
      batch(2n, [{ delta: 0 }]),
      mark(3n, 1n, 'abort'),
      mark(4n, 2n, 'commit'),
      batch(5n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 1n }),
      mark(6n, 1n, 'commit'),
    ]);
    const { offsets, next } = read(bytes, 0n, [{ producerId: 1n, firstOffset: 0n }]);
    assert.deepEqual([offsets, next], [['1', '2', '5'], 7n]);
  });

  it('leave out each of two transactions of one producer', () => {
    const bytes = Buffer.concat([
      batch(0n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 1n }),
      mark(1n, 1n, 'abort'),
      batch(2n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 1n }),
      mark(3n, 1n, 'abort'),
      batch(4n, [{ delta: 0 }], { attributes: TRANSACTION, producer: 1n }),
      mark(5n, 1n, 'commit'),
    ]);
    const aborted = [
      { producerId: 1n, firstOffset: 2n },
      { producerId: 1n, firstOffset: 0n },
    ];
    assert.deepEqual(read(bytes, 0n, aborted).offsets, ['4']);
  });

  it('stop before a batch that was cut off', () => {
    const whole = batch(0n, [{ delta: 0 }]);
    const { offsets, next } = read(Buffer.concat([whole, batch(1n, [{ delta: 0 }]).subarray(0, -1)]));
    assert.deepEqual([offsets, next], [['0'], 1n]);
    assert.deepEqual(read(whole.subarray(0, 30)).next, 0n);
  });

  it('carry the time of the log where the topic says so', () => {
    const [message] = read(batch(0n, [{ delta: 0, after: 5 }], { attributes: 0x08, newest: 2000n })).messages;
    assert.equal(message?.timestampMs, 2000);
  });

  it('are unpacked, and have exact offsets and times however large', () => {
    const first = 9_007_199_254_740_993n;
    const { messages } = read(batch(first, [{ delta: 2, after: 4_000_000_000_000n }], { attributes: 1 }));
    assert.deepEqual(
      messages.map(({ offset, timestampMs }) => [offset, timestampMs]),
      [['9007199254740995', 4_000_000_001_000]],
    );
  });

  it('of a format that is no longer written are refused', () => {
    const old = batch(0n, [{ delta: 0 }]);
    old.writeInt8(1, 16);
    assert.throws(() => read(old), { code: 'old-message-format' });
  });

  it('may be a great many', () => {
    const many = Array.from({ length: 200_000 }, (_, delta) => ({ delta, value: null }));
    assert.equal(read(batch(0n, many)).offsets.length, 200_000);
  });
});
