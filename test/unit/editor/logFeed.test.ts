import assert from 'node:assert/strict';
import { createLogFeed, type LogSource } from '../../../src/editor/logFeed.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { LogOptions } from '../../../src/core/ports.ts';
import { until } from '../../live/support/until.ts';

/** A log that the test writes: each `read` is a stream of its own. */
function scripted() {
  const asked: LogOptions[] = [];
  let write: ((line: string | undefined) => void) | undefined;
  let life: string | undefined = 'first';
  let tell: (() => void) | undefined;
  const source: LogSource = {
    async *read(options, signal) {
      asked.push(options);
      const pending: (string | undefined)[] = [];
      let wake: (() => void) | undefined;
      write = (line) => {
        pending.push(line);
        wake?.();
      };
      signal.addEventListener('abort', () => write?.(undefined));
      for (;;) {
        if (pending.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const line = pending.shift();
        if (line === undefined) return;
        yield line;
      }
    },
    startedAt: () => life,
    changed: () => new Promise((resolve) => (tell = resolve)),
  };
  return {
    source,
    asked,
    write: async (...lines: (string | undefined)[]) => {
      await until('a reader', () => write !== undefined);
      for (const line of lines) write?.(line);
    },
    becomes: async (next: string | undefined) => {
      await until('somebody who waits for a change', () => tell !== undefined);
      life = next;
      const told = tell;
      tell = undefined;
      told?.();
    },
  };
}

describe('the feed of a log page', () => {
  let end: AbortController;
  const { signal } = new AbortController();
  const texts = (batch: { lines: readonly { text: string }[] }) => batch.lines.map(({ text }) => text);
  beforeEach(() => {
    end = new AbortController();
  });
  afterEach(() => {
    end.abort();
  });

  it('gives what is new, once, and waits while there is nothing', async () => {
    const log = scripted();
    const feed = createLogFeed(log.source, end.signal);
    const first = feed.next(true, signal);
    await log.write('a');
    const batch = await first;
    assert.deepEqual([texts(batch), batch.anew, batch.ended], [['a'], true, false]);
    const second = feed.next(false, signal);
    await log.write('b');
    assert.deepEqual(texts(await second), ['b']);
    assert.deepEqual(log.asked, [{ lines: 1000, follow: true }]);
  });

  it('says that a part ended, and goes on with its next life, of which nothing is left out', async () => {
    const log = scripted();
    const feed = createLogFeed(log.source, end.signal);
    const first = feed.next(true, signal);
    await log.write('last words');
    await first;
    const ended = feed.next(false, signal);
    await log.write(undefined);
    assert.equal((await ended).ended, true);
    const next = feed.next(false, signal);
    await log.becomes(undefined);
    await log.becomes('second');
    await until('the second reading', () => log.asked.length === 2);
    await log.write('born again');
    const batch = await next;
    assert.deepEqual([texts(batch), batch.anew, batch.ended], [['born again'], false, false]);
    assert.deepEqual(log.asked[1], { lines: Infinity, follow: true, sinceStart: true });
  });

  it('begins anew when the engine was away and the part is the same', async () => {
    const log = scripted();
    const feed = createLogFeed(log.source, end.signal);
    const first = feed.next(true, signal);
    await log.write('before', undefined);
    await first;
    const next = feed.next(false, signal);
    await log.becomes(undefined);
    await log.becomes('first');
    await until('the second reading', () => log.asked.length === 2);
    if (!(await next).anew) {
      const later = feed.next(false, signal);
      await log.write('before', 'missed');
      const batch = await later;
      assert.equal(batch.anew, true);
    }
  });

  it('says why there is no log, and tries again when asked to', async () => {
    let there = false;
    const feed = createLogFeed(
      {
        // eslint-disable-next-line @typescript-eslint/require-await -- it reads nothing
        async *read() {
          if (!there) throw new UserError('no-log', 'none yet');
          yield 'now';
        },
        startedAt: () => undefined,
        changed: () => new Promise(() => undefined),
      },
      end.signal,
    );
    await assert.rejects(feed.next(true, signal), { code: 'no-log' });
    there = true;
    assert.deepEqual(texts(await feed.next(true, signal)), ['now']);
  });

  it('hands on what somebody wants shown, although nothing new came', async () => {
    const log = scripted();
    const feed = createLogFeed(log.source, end.signal);
    const first = feed.next(true, signal);
    await log.write('a');
    await first;
    const next = feed.next(false, signal);
    feed.show('error');
    assert.equal((await next).filter, 'error');
  });
});
