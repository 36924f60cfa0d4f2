/** The generator on a real broker: another rate and other faults while it runs, and what the topic then holds. */
import assert from 'node:assert/strict';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { createGeneratorSession, type GeneratorSession } from '../../src/core/generatorSession.ts';
import type { Lakehouse } from '../../src/core/ports.ts';
import { readTopic } from '../../src/core/readTopic.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Message } from '../../src/core/topics.ts';
import { until } from './support/until.ts';

type Line = Readonly<Record<string, string | number | null>>;

describe('the generator with live dials', function () {
  this.timeout(120_000);
  let lakehouse: Lakehouse;
  let session: GeneratorSession;

  before(() => {
    const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
    lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
    session = createGeneratorSession({ lakehouse: () => lakehouse, now: () => performance.now() });
  });
  after(async () => {
    await session.stop();
    await lakehouse.close();
  });

  const sentMore = async (many: number): Promise<number> => {
    const before = session.state().sent;
    const start = performance.now();
    await until(`${many} more lines`, () => session.state().sent >= before + many);
    return performance.now() - start;
  };
  const readBack = async (): Promise<readonly Message[]> => {
    const { topic, firstSentAt } = session.state();
    assert.ok(topic !== null && firstSentAt !== null);
    const { signal } = new AbortController();
    const found: Message[] = [];
    const start = { from: 'time', timestampMs: firstSentAt } as const;
    for await (const batch of readTopic(lakehouse, topic, { start }, signal)) found.push(...batch);
    return found;
  };

  for (const format of ['avro', 'json'] as const) {
    it(`makes what the dials say from then on, and counts it as it is found again (${format})`, async () => {
      session.start(format, { count: null, rate: 200, faults: {}, seed: 23 });
      await until('the first lines', () => session.state().sent > 0);
      const slow = await sentMore(400);
      assert.ok(slow > 1500, `400 lines at 200/s took ${slow} ms`);

      const firstChange = Date.now();
      session.change({ rate: 3000, faults: { 'bad-price': 0.2, duplicate: 0.1, 'missing-customer': 0.05 } });
      const fast = await sentMore(3000);
      assert.ok(fast < 7500, `3000 lines, which need 15 s at 200/s, took ${fast} ms`);

      session.pause();
      // What was on its way is acknowledged; then nothing more comes.
      await until('a standstill', () => session.state().perSecond === 0);
      const held = session.state().sent;
      const pausedAt = Date.now();
      session.change({ rate: null, faults: { undecodable: 0.3, 'zero-quantity': 0.1 } });
      assert.equal(session.state().sent, held);
      session.resume();
      await sentMore(5000);
      const end = await session.stop();

      assert.equal(end?.failure, undefined);
      const messages = await readBack();
      assert.equal(messages.length, session.state().sent);
      const values = (of: readonly Message[]): Line[] =>
        of.filter(({ error }) => error === undefined).map(({ value }) => value as Line);
      const found = (of: readonly Message[]): Readonly<Record<string, number>> => {
        const lines = values(of);
        return {
          undecodable: of.length - lines.length,
          'bad-price': lines.filter(({ price }) => Number(price) <= 0).length,
          'zero-quantity': lines.filter(({ quantity }) => quantity === 0).length,
          'missing-customer': lines.filter(({ customerNo }) => !/^\d+$/.test(String(customerNo))).length,
          duplicate: lines.length - new Set(lines.map((line) => JSON.stringify(line))).size,
        };
      };
      assert.deepEqual(found(messages), { ...session.state().faults });

      const phase = (from: number, to: number): readonly Message[] =>
        messages.filter(({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) < to);
      const none = {
        undecodable: 0,
        'bad-price': 0,
        'zero-quantity': 0,
        'missing-customer': 0,
        duplicate: 0,
      };
      const first = phase(0, firstChange);
      assert.ok(first.length >= 400);
      assert.deepEqual(found(first), none);
      const last = phase(pausedAt, Infinity);
      assert.ok(last.length >= 5000);
      const { undecodable = 0, 'zero-quantity': zero = 0, ...others } = found(last);
      assert.deepEqual(others, { 'bad-price': 0, 'missing-customer': 0, duplicate: 0 });
      assert.ok(Math.abs(undecodable / last.length - 0.3) < 0.03, `${undecodable} of ${last.length}`);
      // One of a cancellation is none: it would break another rule too.
      assert.ok(zero / last.length > 0.06 && zero / last.length < 0.12, `${zero} of ${last.length}`);
    });
  }
});
