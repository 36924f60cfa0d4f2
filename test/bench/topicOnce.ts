/** Reads a topic as the message viewer does, in a process of its own, and prints how long it took. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sandboxAccess } from '../../src/core/access.ts';
import type { Endpoints } from '../../src/core/sandbox.ts';
import type { RecordFilter, RecordOrder, SessionState } from '../../src/wire/topic.ts';
import { openTopicPeer } from '../live/support/topicPeer.ts';

export interface TopicOptions {
  readonly topic: string;
  readonly endpoints: Endpoints;
  /** Messages that the topic holds. */
  readonly messages: number;
  /** Texts to look for, one after the other, and then once more. */
  readonly searches: readonly string[];
  readonly sorts: readonly RecordOrder['by'][];
}

/** Seconds since the thread was asked for, but for what says otherwise. */
export interface TopicRead {
  /** Until the first row could be painted. */
  readonly first: number;
  /** Until every message was held and the newest could be painted. */
  readonly all: number;
  /** Bytes of this process when all was held, and after the searches. */
  readonly bytes: number;
  readonly bytesAfter: number;
  /** Of a search begun at once when all was held, before anything of it was decoded. */
  readonly firstSearch: number;
  /** Seconds of each search, over all that is held. */
  readonly searches: readonly number[];
  readonly found: readonly number[];
  /** Seconds of each order, over all that is held. */
  readonly sorts: readonly number[];
  /** Milliseconds: the longest time for which the thread did not answer while it searched, and while it sorted. */
  readonly silentSearching: number;
  readonly silentSorting: number;
  /** Milliseconds: the longest time for which this process's own loop, the editor's, did nothing else. */
  readonly longestBlock: number;
}

const ROWS = { end: Number.MAX_SAFE_INTEGER, from: 0, count: 50, fields: [] };

async function main(): Promise<TopicRead> {
  const options = JSON.parse(process.argv[2] ?? '') as TopicOptions;
  const { topic, endpoints, messages, searches, sorts: orders } = options;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  const since = (): number => (performance.now() - started) / 1000;
  let wake: () => void = () => undefined;
  const { peer, close } = openTopicPeer(topic, sandboxAccess(endpoints), () => {
    wake();
  });
  const until = async (holds: (state: SessionState) => boolean): Promise<void> => {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const state = await peer.call('state', null);
      if (state.failure) throw new Error(state.failure.message);
      if (holds(state)) return;
      await changed;
    }
  };
  await peer.call('read', {
    start: { from: 'beginning' },
    end: { until: 'forever' },
    keep: 'all',
    limits: { records: 1_000_000, bytes: 1024 * 1024 * 1024 },
    filter: {},
  });
  await until(({ end }) => end > 0);
  if ((await peer.call('rows', ROWS)).lines.length === 0) throw new Error('no row came');
  const first = since();
  await until(({ end, phase }) => end === messages && phase === 'live');
  if ((await peer.call('rows', ROWS)).lines.length !== Math.min(50, messages))
    throw new Error('no rows came');
  const all = since();
  const bytes = process.memoryUsage().rss;
  // Whatever is read is decoded once while nothing else is to be done: the second search finds it so.
  const search = async (pattern: string): Promise<[number, number]> => {
    const from = performance.now();
    const filter: RecordFilter = { texts: [{ pattern, place: 'anywhere', regex: false, matchCase: false }] };
    await peer.call('filter', filter);
    await until(({ looked, first: oldest, end }) => looked === end - oldest);
    const { count } = await peer.call('rows', ROWS);
    return [(performance.now() - from) / 1000, count];
  };
  const silent = async (work: () => Promise<unknown>): Promise<number> => {
    let longest = 0;
    let done = false;
    const isDone = (): boolean => done;
    const worked = work().finally(() => {
      done = true;
    });
    while (!isDone()) {
      const from = performance.now();
      await peer.call('state', null);
      longest = Math.max(longest, performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await worked;
    return longest;
  };
  let firstSearch = 0;
  const silentSearching = await silent(async () => {
    [firstSearch] = await search('not in any message');
  });
  const times: number[] = [];
  const found: number[] = [];
  for (const pattern of searches) {
    const [seconds, count] = await search(pattern);
    times.push(seconds);
    found.push(count);
  }
  await peer.call('filter', {});
  await until(({ looked, first: oldest, end }) => looked === end - oldest);
  const sorts: number[] = [];
  const silentSorting = await silent(async () => {
    for (const by of orders) {
      const from = performance.now();
      await peer.call('sort', { by, descending: false });
      if ((await peer.call('rows', ROWS)).count !== messages) throw new Error('rows are missing');
      sorts.push((performance.now() - from) / 1000);
    }
  });
  const longestBlock = delay.max / 1e6;
  const bytesAfter = process.memoryUsage().rss;
  close();
  return {
    ...{ first, all, bytes, bytesAfter, firstSearch, searches: times, found, sorts },
    ...{ silentSearching, silentSorting, longestBlock },
  };
}

void main().then(
  (read) => {
    console.log(JSON.stringify(read));
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
