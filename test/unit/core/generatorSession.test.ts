import assert from 'node:assert/strict';
import type { DeliveryEnd } from '../../../src/core/delivery.ts';
import {
  createGeneratorSession,
  parseGeneratorSettings,
  type GeneratorSession,
  type GeneratorSettings,
} from '../../../src/core/generatorSession.ts';
import { until } from '../../live/support/until.ts';
import { memoryLakehouse } from '../../support/memoryLakehouse.ts';

const FAST: GeneratorSettings = { count: null, rate: null, faults: {}, seed: 5 };

describe('a generator session', () => {
  const open: GeneratorSession[] = [];
  const session = (from = memoryLakehouse()) => {
    let time = 0;
    const ends: DeliveryEnd[] = [];
    const made = createGeneratorSession({
      lakehouse: () => from.lakehouse,
      now: () => time,
      onEnd: (end) => {
        ends.push(end);
      },
    });
    open.push(made);
    return {
      from,
      session: made,
      ends,
      pass: (ms: number) => {
        time += ms;
      },
    };
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
  });

  it('is idle first, and tells all of what it does to the end', async () => {
    const { session: one, from, ends, pass } = session();
    assert.equal(one.state().phase, 'idle');
    one.start('json', { ...FAST, count: 20_000, faults: { 'bad-price': 0.1 } });
    assert.deepEqual([one.state().phase, one.state().topic, one.state().seed], ['running', 'orders-json', 5]);
    pass(2500);
    await until('the end', () => one.state().phase === 'ended');
    const { sent, faults, elapsed, perSecond, firstSentAt } = one.state();
    assert.deepEqual([sent, from.sent.length, elapsed, perSecond], [20_000, 20_000, 2500, 0]);
    assert.ok((faults['bad-price'] ?? 0) > 1000);
    assert.notEqual(firstSentAt, null);
    assert.deepEqual(ends, [{ delivery: { sent, rejected: 0, rejectsFile: null, faults } }]);
    pass(60_000);
    assert.equal(one.state().elapsed, 2500);
  });

  it('changes rate and faults while it runs', async () => {
    const { session: one } = session();
    one.start('avro', { ...FAST, rate: 0.001 });
    await until('a start', () => one.state().phase === 'running');
    assert.equal(one.state().sent, 0);
    one.change({ rate: null, faults: { duplicate: 0.5 } });
    await until('duplicates', () => (one.state().faults.duplicate ?? 0) > 1000);
    assert.throws(
      () => {
        one.change({ rate: 5, faults: { duplicate: 0.5, late: 0.6 } });
      },
      { code: 'bad-faults' },
    );
    const end = await one.stop();
    assert.equal(end?.failure, undefined);
    assert.equal(one.state().sent, end?.delivery.sent);
  });

  it('does not count its pauses', async () => {
    const { session: one, pass } = session();
    one.start('avro', FAST);
    await until('lines', () => one.state().sent > 0);
    pass(1000);
    one.pause();
    assert.equal(one.state().phase, 'paused');
    pass(5000);
    assert.equal(one.state().elapsed, 1000);
    one.resume();
    pass(500);
    assert.deepEqual([one.state().phase, one.state().elapsed], ['running', 1500]);
    one.pause();
    pass(900);
    const stopping = one.stop();
    assert.equal(one.state().phase, 'stopping');
    await stopping;
    assert.deepEqual([one.state().phase, one.state().elapsed], ['ended', 1500]);
  });

  it('refuses to run twice, and runs again after the end', async () => {
    const { session: one } = session();
    one.start('avro', FAST);
    assert.throws(
      () => {
        one.start('avro', FAST);
      },
      { code: 'already-producing' },
    );
    await one.stop();
    assert.equal(await one.stop(), undefined);
    one.start('avro', { ...FAST, seed: null, count: 10 });
    await until('the end', () => one.state().phase === 'ended');
    assert.equal(one.state().sent, 10);
    assert.equal(typeof one.state().seed, 'number');
  });

  it('counts what was sent until it failed, and says why', async () => {
    const { session: one, from } = session(memoryLakehouse(2));
    one.start('avro', { ...FAST, rate: 1000 });
    await until('the failure', () => one.state().phase === 'ended');
    assert.match(String(one.failure), /Kafka does not take it/);
    assert.ok(one.state().sent > 0);
    assert.equal(one.state().sent, from.sent.length);
  });
});

describe('remembered settings of the generator', () => {
  it('come back as they were', () => {
    for (const settings of [
      FAST,
      { count: 7, rate: 1500, faults: { late: 0.05, messy: 0.005 }, seed: null },
    ] satisfies GeneratorSettings[]) {
      assert.deepEqual(parseGeneratorSettings(JSON.parse(JSON.stringify(settings))), settings);
    }
  });

  it('are as the first time where they are no good', () => {
    const first = { count: 1000, rate: 100, faults: {}, seed: null };
    for (const bad of [
      undefined,
      'x',
      { count: 1.5, rate: -1, faults: { late: 2, unsendable: 0.1, nonsense: 0.1 }, seed: 'a' },
      { count: 0, rate: 'fast', faults: { late: 0.6, messy: 0.6 } },
    ]) {
      assert.deepEqual(parseGeneratorSettings(bad), first);
    }
  });
});
