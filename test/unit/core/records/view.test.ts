import assert from 'node:assert/strict';
import { createRandom } from '../../../../src/core/random.ts';
import type { RecordFilter } from '../../../../src/core/records/filter.ts';
import { createRecordStore } from '../../../../src/core/records/recordStore.ts';
import { SLAB_RECORDS } from '../../../../src/core/records/slab.ts';
import { foldBytes } from '../../../../src/core/records/textIndex.ts';
import { createRecordView, type RecordView } from '../../../../src/core/records/view.ts';
import { findBytes } from '../../../../src/adapters/findBytes.ts';
import type { Message, RawMessage } from '../../../../src/core/topics.ts';

const KINDS = ['Sold', 'Returned', 'Lost'];
const WORDS = ['maçã', 'AÇAÍ', 'pear', 'Ωmega', 'Straße', 'NUL', 'é', '50%', 'x'];

/** A binary format: a number (negative for broken), then text. What it says in numbers stands in no byte of it. */
function decodeOne(raw: RawMessage): Message {
  const { topic, partition, offset, key, value, headers, timestampMs } = raw;
  const message = {
    topic,
    partition,
    offset,
    timestamp: new Date(timestampMs).toISOString(),
    key: key && Buffer.from(key).toString(),
    headers: headers.map((header) => ({
      name: header.name,
      value: header.value && Buffer.from(header.value).toString(),
    })),
    schemaId: null,
  };
  if (value === null) return { ...message, value: null };
  const bytes = Buffer.from(value);
  const number = bytes.readInt32LE(0);
  if (number < 0) return { ...message, value: bytes.toString('base64'), error: 'broken' };
  const kind = KINDS[number % KINDS.length];
  return {
    ...message,
    value: { amount: (number / 100).toFixed(2), kind, note: { text: bytes.subarray(4).toString() } },
  };
}

function raws(count: number, seed = 1): RawMessage[] {
  const random = createRandom(seed);
  const word = (): string => WORDS[random.integer(0, WORDS.length - 1)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    const number = Buffer.alloc(4);
    number.writeInt32LE(random.chance(0.05) ? -1 : random.integer(0, 99_999));
    return {
      topic: 't',
      partition: random.integer(0, 3),
      offset: String(index),
      timestampMs: 1_000_000 + index * 10,
      key: random.chance(0.1) ? null : Buffer.from(`k-${random.integer(0, 50)}`),
      value: random.chance(0.1) ? null : Buffer.concat([number, Buffer.from(`${word()} ${word()}`)]),
      headers: random.chance(0.3)
        ? [
            { name: 'source', value: Buffer.from(word()) },
            { name: 'Source', value: null },
          ]
        : [],
    };
  });
}

const tools = {
  decode: (messages: readonly RawMessage[]) => Promise.resolve(messages.map(decodeOne)),
  find: findBytes,
  breathe: () => Promise.resolve(),
};

/** Every text a person sees of a message, worked out without the product. */
function seen({ key, value, headers }: Message, place: string): string[] {
  const inValue =
    typeof value === 'string'
      ? [value]
      : [...JSON.stringify(value).matchAll(/:"((?:[^"\\]|\\.)*)"/g)].map(
          (match) => JSON.parse(`"${match[1] ?? ''}"`) as string,
        );
  return [
    ...(key !== null && place !== 'value' && place !== 'headers' ? [key] : []),
    ...(place !== 'key' && place !== 'headers' ? inValue : []),
    ...(place !== 'key' && place !== 'value' ? headers.flatMap((one) => [one.name, one.value ?? '']) : []),
  ];
}

function wanted(all: readonly RawMessage[], test: (message: Message, raw: RawMessage) => boolean): number[] {
  return all.flatMap((raw, index) => (test(decodeOne(raw), raw) ? [index] : []));
}

async function settle(view: RecordView): Promise<number[]> {
  while (await view.step());
  return [...view.records()];
}

const includes =
  (text: string, place = 'anywhere') =>
  (message: Message): boolean =>
    seen(message, place).some((one) => one.toLowerCase().includes(text.toLowerCase()));
const text = (pattern: string, more: object = {}) => ({
  texts: [{ pattern, place: 'anywhere' as const, regex: false, matchCase: false, ...more }],
});

const CASES: readonly [string, RecordFilter, (message: Message, raw: RawMessage) => boolean][] = [
  ['nothing', {}, () => true],
  ['partitions', { partitions: [1, 3] }, ({ partition }) => partition === 1 || partition === 3],
  [
    'a time',
    { time: { from: 1_000_500, to: 1_001_000 } },
    (_, raw) => raw.timestampMs >= 1_000_500 && raw.timestampMs < 1_001_000,
  ],
  ['tombstones', { tombstones: 'only' }, ({ value }) => value === null],
  ['all but tombstones', { tombstones: 'without' }, ({ value }) => value !== null],
  ['what is broken', { problems: 'only' }, ({ error }) => error !== undefined],
  ['what is not broken', { problems: 'without' }, ({ error }) => error === undefined],
  ...['maçã', 'MAÇÃ', 'açaí', 'ωMEGA', 'straße', 'é', 'returned', '12.', '%', 'k-1', 'source', 'no such'].map(
    (pattern): (typeof CASES)[number] => [`text ${pattern}`, text(pattern), includes(pattern)],
  ),
  ['text of the key', text('1', { place: 'key' }), includes('1', 'key')],
  ['text of the value', text('1', { place: 'value' }), includes('1', 'value')],
  ['text of headers', text('é', { place: 'headers' }), includes('é', 'headers')],
  [
    'text by case',
    text('AÇAÍ', { matchCase: true }),
    (message) => seen(message, 'anywhere').some((one) => one.includes('AÇAÍ')),
  ],
  ['a regular expression', text('^k-\\d$', { regex: true }), ({ key }) => key !== null && key.length === 3],
  [
    'a field above a number',
    { conditions: [{ field: { of: 'value', path: 'amount' }, operator: '>', value: '99.5' }] },
    ({ value }) =>
      typeof value === 'object' && value !== null && Number((value as { amount: string }).amount) > 99.5,
  ],
  [
    'a field within',
    { conditions: [{ field: { of: 'value', path: 'note.text' }, operator: 'contains', value: 'PEAR' }] },
    ({ value }) => JSON.stringify(value).includes('pear'),
  ],
  [
    'a header that is there',
    { conditions: [{ field: { of: 'header', path: 'source' }, operator: 'exists', value: '' }] },
    ({ headers }) => headers.length > 0,
  ],
  [
    'a header that is null',
    { conditions: [{ field: { of: 'header', path: 'Source' }, operator: '=', value: 'null' }] },
    ({ headers }) => headers.length > 0,
  ],
  [
    'all of them together',
    {
      ...text('e'),
      partitions: [0, 1],
      tombstones: 'without',
      problems: 'without',
      conditions: [{ field: { of: 'value', path: 'kind' }, operator: '!=', value: 'Lost' }],
    },
    (message) =>
      includes('e')(message) &&
      message.partition < 2 &&
      message.value !== null &&
      message.error === undefined &&
      (message.value as { kind: string }).kind !== 'Lost',
  ],
];

describe('the lower case of bytes', () => {
  it('is that of the text, for every letter of Latin-1, wherever it stands', () => {
    const letters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    for (const before of ['', 'a', 'ab', 'abc', 'é', 'Ωa']) {
      for (const letter of letters) {
        const bytes = Buffer.from(before + letter + 'Z');
        const folded = foldBytes(bytes, new Uint8Array(bytes.length + 3));
        const lower = before + letter.toLowerCase() + 'z';
        assert.equal(Buffer.from(folded).toString(), lower);
      }
    }
  });
});

describe('the view of a reading', () => {
  for (const [name, filter, test] of CASES) {
    it(`holds what a filter lets through: ${name}`, async () => {
      const all = raws(3000);
      const store = createRecordStore('t', { records: 10_000, bytes: Infinity });
      const view = createRecordView(store, tools);
      store.append(all.slice(0, 1700));
      view.setFilter(filter);
      await settle(view);
      store.append(all.slice(1700));
      const expected = wanted(all, test);
      assert.deepEqual(await settle(view), expected);
      if (name !== 'text no such') assert.ok(expected.length > 0, 'the case is one');
      const half = expected[expected.length >> 1] ?? 0;
      assert.equal(view.below(half), expected.filter((record) => record < half).length);
      assert.equal(view.at(expected.length >> 1), expected[expected.length >> 1]);
      view.setFilter({});
      assert.equal((await settle(view)).length, 3000);
    });
  }

  it('lets the oldest go for the newest, and counts on', async () => {
    const all = raws(SLAB_RECORDS * 2 + 100);
    const store = createRecordStore('t', { records: SLAB_RECORDS + 50, bytes: Infinity });
    const view = createRecordView(store, tools);
    view.setFilter({ partitions: [2] });
    for (let from = 0; from < all.length; from += 5000) {
      store.append(all.slice(from, from + 5000));
      await view.step();
    }
    const kept = await settle(view);
    assert.ok(store.end - store.first <= SLAB_RECORDS + 50);
    assert.equal(store.end, all.length);
    assert.deepEqual(
      kept,
      wanted(all, ({ partition }) => partition === 2).filter((record) => record >= store.first),
    );
    const [first = -1] = kept;
    assert.equal(store.get(first)?.offset, all[first]?.offset);
    assert.equal(store.get(store.first - 1), undefined);
  });

  it('gives back each message as it came, byte for byte', () => {
    const all = raws(500, 7);
    const large = { ...all[0], value: Buffer.alloc(9_000_000, 7) } as RawMessage;
    const store = createRecordStore('t', { records: 10_000, bytes: Infinity });
    store.append([...all, large]);
    for (const [record, raw] of [...all, large].entries()) {
      const got = store.get(record);
      assert.ok(got);
      assert.deepEqual(
        { ...got, key: got.key && Buffer.from(got.key), value: got.value && Buffer.from(got.value) },
        { ...raw, headers: got.headers },
      );
      assert.deepEqual(
        got.headers.map((one) => [one.name, one.value && Buffer.from(one.value)]),
        raw.headers.map((one) => [one.name, one.value]),
      );
    }
  });

  it('takes a new filter while the old one is still at work', async () => {
    const all = raws(5000);
    const store = createRecordStore('t', { records: 10_000, bytes: Infinity });
    store.append(all);
    let steps = 0;
    const view = createRecordView(store, {
      ...tools,
      breathe: () => {
        if (++steps === 2) view.setFilter({ tombstones: 'only' });
        return Promise.resolve();
      },
    });
    view.setFilter(text('e'));
    assert.deepEqual(
      await settle(view),
      wanted(all, ({ value }) => value === null),
    );
  });

  it('refuses what is no regular expression, and keeps what it had', async () => {
    const store = createRecordStore('t', { records: 10_000, bytes: Infinity });
    store.append(raws(100));
    const view = createRecordView(store, tools);
    assert.throws(
      () => {
        view.setFilter(text('(', { regex: true }));
      },
      { code: 'bad-filter', message: '"(" is no regular expression.' },
    );
    assert.equal((await settle(view)).length, 100);
  });
});
