import assert from 'node:assert/strict';
import { followUpdate } from '../../../../src/core/databricks/followUpdate.ts';
import { UserError } from '../../../../src/core/errors.ts';
import type { PipelineEvent, PipelineUpdate } from '../../../../src/core/databricks/ports.ts';

const START = Date.parse('2026-05-01T10:00:00.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const event = (id: string, seconds: number, updateId = 'mine'): PipelineEvent => ({
  id,
  timestamp: at(seconds),
  level: 'INFO',
  type: 'update_progress',
  message: id,
  updateId,
  dataset: '',
  flow: '',
  details: {},
  exceptions: [],
});

/** Each look sees the next state and log; filters by time as the workspace does, in pages of two. */
function pipeline(looks: readonly { readonly state: string; readonly log: readonly PipelineEvent[] }[]) {
  const asked: string[] = [];
  let look = -1;
  const now = () => looks[Math.min(look, looks.length - 1)];
  return {
    asked,
    update: (): Promise<PipelineUpdate | undefined> => {
      look += 1;
      const state = now()?.state;
      return Promise.resolve(
        state === undefined ? undefined : { id: 'mine', state, createdMs: START, fullRefresh: false },
      );
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    events: async function* (_id: string, after?: string): AsyncGenerator<readonly PipelineEvent[]> {
      asked.push(after ?? '');
      const found = (now()?.log ?? []).filter(({ timestamp }) => timestamp > (after ?? ''));
      for (let from = 0; from < found.length; from += 2) yield found.slice(from, from + 2);
    },
  };
}

const clock = { sleep: () => Promise.resolve() };
const { signal } = new AbortController();

async function told(fake: ReturnType<typeof pipeline>): Promise<string[][]> {
  const news: string[][] = [];
  for await (const { events } of followUpdate(fake, 'p', 'mine', signal, { clock })) {
    news.push(events.map(({ id }) => id));
  }
  return news;
}

describe('following an update', () => {
  it('tells each event once, also late ones and those of the same moment', async () => {
    const [a, b, c, late, d] = [event('a', 1), event('b', 5), event('c', 5), event('late', 3), event('d', 9)];
    const fake = pipeline([
      { state: 'RUNNING', log: [a, b] },
      { state: 'RUNNING', log: [a, late, b, c] },
      { state: 'COMPLETED', log: [a, late, b, c] },
      { state: 'COMPLETED', log: [a, late, b, c, d] },
    ]);
    const news = await told(fake);
    assert.deepEqual(news.flat(), ['a', 'b', 'late', 'c', 'd']);
  });

  it('tells nothing of other updates', async () => {
    const fake = pipeline([
      { state: 'FAILED', log: [event('x', 0, 'before'), event('a', 1), event('y', 2, '')] },
    ]);
    assert.deepEqual((await told(fake)).flat(), ['a']);
  });

  it('reads an old one without all that came after it', async () => {
    const later = Array.from({ length: 1000 }, (_, index) => event(`later ${index}`, 100 + index, 'later'));
    let pages = 0;
    const fake = pipeline([{ state: 'COMPLETED', log: [event('a', 1), event('b', 2), ...later] }]);
    const counting = {
      ...fake,
      events: async function* (id: string, after?: string) {
        for await (const page of fake.events(id, after)) {
          pages += 1;
          yield page;
        }
      },
    };
    assert.deepEqual((await told(counting)).flat(), ['a', 'b']);
    assert.ok(pages <= 3, `${pages} pages`);
  });

  it('does not read the log from its beginning again and again', async () => {
    const log = Array.from({ length: 60 }, (_, index) => event(`e${index}`, index * 10));
    const fake = pipeline([
      { state: 'RUNNING', log },
      { state: 'COMPLETED', log },
    ]);
    await told(fake);
    assert.ok((fake.asked[0] ?? '') < at(0));
    assert.equal(fake.asked[1], at(590 - 15));
  });

  it('waits for a workspace that does not answer for a while, but not for ever', async () => {
    const [a, b] = [event('a', 1), event('b', 2)];
    const failing = (times: number) => {
      const fake = pipeline([
        { state: 'RUNNING', log: [a] },
        { state: 'COMPLETED', log: [a, b] },
      ]);
      let left = times;
      const gone = (): boolean => fake.asked.length > 0 && (left -= 1) >= 0;
      return {
        ...fake,
        update: () =>
          gone() ? Promise.reject(new UserError('workspace-unreachable', 'gone')) : fake.update(),
      };
    };
    assert.deepEqual((await told(failing(10))).flat(), ['a', 'b']);
    await assert.rejects(told(failing(1000)), { code: 'workspace-unreachable' });
  });

  it('waits for one that was just started', async () => {
    const fake = pipeline([{ state: 'COMPLETED', log: [event('a', 1)] }]);
    let misses = 2;
    const late = {
      ...fake,
      update: () => ((misses -= 1) >= 0 ? Promise.resolve(undefined) : fake.update()),
    };
    const news: string[] = [];
    for await (const { events } of followUpdate(late, 'p', 'mine', signal, { clock, isNew: true })) {
      news.push(...events.map(({ id }) => id));
    }
    assert.deepEqual(news, ['a']);
  });

  it('says that it is gone', async () => {
    await assert.rejects(told(pipeline([])), { code: 'unknown-update' });
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const fake = pipeline([{ state: 'RUNNING', log: [event('a', 1)] }]);
    const follow = async (): Promise<void> => {
      for await (const _news of followUpdate(fake, 'p', 'mine', controller.signal, { clock }))
        controller.abort();
    };
    await assert.rejects(follow(), { name: 'Cancelled' });
  });
});
