/** The message form's host on a real broker and registry: what it sends is where it says, and as it was written. */
import assert from 'node:assert/strict';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { sampleOf } from '../../src/core/sampleOf.ts';
import type { Lakehouse } from '../../src/core/ports.ts';
import { readTopic } from '../../src/core/readTopic.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Message } from '../../src/core/topics.ts';
import { messageCalls } from '../../src/editor/messageCalls.ts';
import type { MessageCalls, MessageDraft } from '../../src/wire/produce.ts';

const SCHEMA = {
  type: 'record',
  name: 'shop.Payment',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 8, scale: 2 } },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'origin', type: ['string', 'long'] },
  ],
};

describe('the message form on a broker', function () {
  this.timeout(60_000);
  const topic = `form-${process.pid}`;
  const { signal } = new AbortController();
  const kept = new Map<string, MessageDraft>();
  let lakehouse: Lakehouse;
  let sent = 0;

  before(async () => {
    const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
    lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
    await (await lakehouse.topicAdmin()).create(topic, { partitions: 3, configs: {} });
    await (await lakehouse.registry()).register(`${topic}-value`, 'AVRO', JSON.stringify(SCHEMA));
  });
  after(async () => {
    await (await lakehouse.topicAdmin()).remove(topic);
    await (await lakehouse.registry()).deleteSubject(`${topic}-value`);
    await lakehouse.close();
  });

  const calls = () =>
    messageCalls({
      cluster: () => lakehouse,
      maySend: () => undefined,
      onSent: () => {
        sent += 1;
      },
      last: (of) => kept.get(of),
      remember: (of, draft) => {
        kept.set(of, draft);
      },
      show: () => undefined,
      asDocument: () => Promise.resolve(),
    });
  const send = async (draft: Partial<MessageDraft>): Promise<MessageCalls['send']['result']> =>
    calls().send(
      { topic, draft: { key: null, value: null, headers: [], partition: null, ...draft } },
      signal,
    );
  const readBack = async (): Promise<readonly Message[]> => {
    const found: Message[] = [];
    for await (const batch of readTopic(lakehouse, topic, { start: { from: 'beginning' } }, signal)) {
      found.push(...batch);
    }
    return found;
  };

  it('shows the form of the registered schema, with a sample that can be sent', async () => {
    const opened = await calls().message({ topic }, signal);
    assert.deepEqual([opened.partitions, opened.key, opened.last], [3, null, null]);
    assert.equal(opened.value?.subject, `${topic}-value`);
    const { sample } = opened.value.form.root;
    const schema = (await (await lakehouse.messageEncoder()).messageSchema(topic)).value?.schema;
    assert.deepEqual(sample, sampleOf(schema ?? {}));
    assert.ok('sent' in (await send({ value: sample })));
  });

  it('sends what was written to where it says', async () => {
    const value = { id: '9007199254740993', amount: '12.50', note: 'für Zoë', origin: { long: '5' } };
    const result = await send({
      key: 'k1',
      value,
      headers: [
        { name: 'a', value: '1' },
        { name: 'a', value: null },
      ],
      partition: 2,
    });
    assert.ok('sent' in result);
    assert.equal(result.sent.partition, 2);
    const found = (await readBack()).find(
      ({ partition, offset }) => partition === 2 && offset === result.sent.offset,
    );
    assert.deepEqual(found?.value, { ...value, origin: '5' });
    assert.deepEqual(
      [found.key, found.headers],
      [
        'k1',
        [
          { name: 'a', value: '1' },
          { name: 'a', value: null },
        ],
      ],
    );
    assert.deepEqual(kept.get(topic)?.value, value);
  });

  it('names each place that is wrong, and sends nothing', async () => {
    const before = (await readBack()).length;
    const told = sent;
    const result = await send({
      value: { id: 'x', amount: '1.005', note: 5, origin: { long: 'y' } },
      partition: 7,
    });
    assert.ok('findings' in result);
    assert.deepEqual(result.findings.map(({ path }) => path.join('.')).sort(), [
      'value.amount',
      'value.id',
      'value.note',
      'value.origin.long',
    ]);
    const placed = await send({ value: { id: 1, amount: '1.00', note: null, origin: 'x' }, partition: 7 });
    assert.deepEqual('findings' in placed && placed.findings.map(({ path }) => path), [['partition']]);
    assert.equal((await readBack()).length, before);
    assert.equal(sent, told);
  });

  it('sends a tombstone', async () => {
    assert.ok('sent' in (await send({ key: 'gone' })));
    const gone = (await readBack()).find(({ key }) => key === 'gone');
    assert.equal(gone?.value, null);
  });
});
