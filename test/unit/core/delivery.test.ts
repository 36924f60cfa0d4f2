import assert from 'node:assert/strict';
import { createSender } from '../../../src/core/delivery.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { OutgoingMessage, Producer } from '../../../src/core/ports.ts';

const message = (bytes: number, key = 'k'): OutgoingMessage => ({
  key: Buffer.from(key),
  value: Buffer.alloc(bytes),
});

/** A producer whose acknowledgements the test gives or refuses, batch by batch. */
function manualProducer(): Producer & {
  readonly batches: (readonly OutgoingMessage[])[];
  readonly answers: { resolve(): void; reject(error: Error): void }[];
} {
  const batches: (readonly OutgoingMessage[])[] = [];
  const answers: { resolve(): void; reject(error: Error): void }[] = [];
  return {
    batches,
    answers,
    send: (_topic, messages) => {
      batches.push(messages);
      return new Promise((resolve, reject) => {
        answers.push({
          resolve: () => {
            resolve([]);
          },
          reject,
        });
      });
    },
    close: () => Promise.resolve(),
  };
}

/** Lets everything run that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the sender', () => {
  it('counts a batch, and its faults, only once it is acknowledged', async () => {
    const producer = manualProducer();
    const sender = createSender(producer, 'orders', { batchLimit: 1_000_000 });
    await sender.add(message(10), 'bad-price');
    await sender.add(message(10));
    const finished = sender.finish();
    await settled();
    assert.equal(sender.sent(), 0);
    assert.deepEqual(sender.faults(), {});
    producer.answers[0]?.resolve();
    await finished;
    assert.equal(sender.sent(), 2);
    assert.deepEqual(sender.faults(), { 'bad-price': 1 });
  });

  it('has one batch on its way at a time, in order', async () => {
    const producer = manualProducer();
    const sender = createSender(producer, 'orders', { batchLimit: 1_000_000 });
    await sender.add(message(1, 'first'));
    await sender.flush();
    await sender.add(message(1, 'second'));
    const second = sender.flush();
    await settled();
    assert.equal(producer.batches.length, 1);
    producer.answers[0]?.resolve();
    await second;
    assert.deepEqual(
      producer.batches.map((batch) => batch.map(({ key }) => Buffer.from(key ?? []).toString())),
      [['first'], ['second']],
    );
    producer.answers[1]?.resolve();
    await sender.finish();
  });

  it('keeps a batch below what the broker takes', async () => {
    const sizes: number[] = [];
    const producer: Producer = {
      send: (_topic, messages) => {
        sizes.push(messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
        return Promise.resolve([]);
      },
      close: () => Promise.resolve(),
    };
    const sender = createSender(producer, 'orders', { batchLimit: 10_000 });
    for (let index = 0; index < 100; index += 1) assert.equal(await sender.add(message(900)), true);
    await sender.finish();
    assert.equal(sender.sent(), 100);
    assert.ok(sizes.length > 1);
    assert.ok(sizes.every((size) => size <= 10_000));
  });

  it('refuses a message that the broker would never take, and goes on', async () => {
    const producer = manualProducer();
    const sender = createSender(producer, 'orders', { batchLimit: 10_000 });
    assert.equal(await sender.add(message(10_000)), false);
    assert.equal(await sender.add(message(sender.limit - 1)), true);
    const finished = sender.finish();
    await settled();
    producer.answers[0]?.resolve();
    await finished;
    assert.equal(sender.sent(), 1);
  });

  it('counts nothing of a batch that was not acknowledged, and keeps failing', async () => {
    const producer = manualProducer();
    const sender = createSender(producer, 'orders', { batchLimit: 1_000_000 });
    await sender.add(message(1));
    await sender.flush();
    producer.answers[0]?.resolve();
    await sender.add(message(1), 'late');
    await sender.flush();
    producer.answers[1]?.reject(new UserError('not-acknowledged', 'gone'));
    await assert.rejects(sender.finish(), { code: 'not-acknowledged' });
    await assert.rejects(sender.finish(), { code: 'not-acknowledged' });
    assert.equal(sender.sent(), 1);
    assert.deepEqual(sender.faults(), {});
    assert.equal(producer.batches.length, 2);
  });
});
