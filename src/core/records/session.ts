/** One reading of a topic: it fills a store as messages come, and answers what is to be seen of it. */
import { failureOf, type Failure } from '../errors.ts';
import { t } from '../l10n.ts';
import type { Broker, MessageDecoder } from '../ports.ts';
import type { FollowRequest, Message, RawMessage, ReadStart } from '../topics.ts';
import { pathsOf, type Field } from './fields.ts';
import { createMatcher, type RecordFilter } from './filter.ts';
import { histogramOf, type Histogram } from './histogram.ts';
import { messageLine, type MessageLine } from './lines.ts';
import { sortByTime, sortRecords, type RecordOrder } from './order.ts';
import { createRecordStore, type RecordStore, type StoreLimits } from './recordStore.ts';
import type { FindBytes } from './textIndex.ts';
import { createRecordView, type RecordView } from './view.ts';

export interface ReadRequest extends FollowRequest {
  /** With `matches`, only what the filter lets through is kept: a search through more than can be held. */
  readonly keep: 'all' | 'matches';
  readonly limits: StoreLimits;
  readonly filter: RecordFilter;
}

export interface SessionState {
  /**
   * `reading`: what was there already; `live`: all of that is read, new messages come as they are sent; `paused`: until
   * the person goes on; `full`: a search found as many as it may keep; `ended`: the end asked for is reached.
   */
  readonly phase: 'starting' | 'reading' | 'live' | 'paused' | 'full' | 'ended' | 'failed';
  /** Why it failed; or, while it goes on trying, why nothing comes. */
  readonly failure?: Failure;
  /** Grows with each reading that begins; numbers of records name others then. */
  readonly reading: number;
  /** Numbers of the oldest record held and of the next to come. */
  readonly first: number;
  readonly end: number;
  /** Bytes of keys, values and headers. */
  readonly bytes: number;
  readonly limits: StoreLimits;
  /** Records that match the filter, and how many were looked at for it. */
  readonly matches: number;
  readonly looked: number;
  /** Offsets passed, and left to pass. */
  readonly passed: number;
  readonly left: number;
  /** Messages that retention deleted while they were waited for. */
  readonly lost: number;
  /** Paths of fields seen in values, and names of headers. */
  readonly fields: readonly string[];
  readonly headers: readonly string[];
}

export interface RowsAsked {
  /** Rows of records below this number: a list that does not move while new ones come. */
  readonly end: number;
  readonly from: number;
  readonly count: number;
  readonly fields: readonly Field[];
}

export interface RowsFound {
  readonly lines: readonly MessageLine[];
  /** Of all rows below the end asked for. */
  readonly count: number;
}

/** Messages by their numbers, or rows as they are shown below a record's number. */
export type Chosen =
  | 'all'
  | { readonly records: readonly number[] }
  | { readonly end: number; readonly from: number; readonly count: number };

/** Messages in an order that stays. Those that are let go meanwhile are left out. */
export interface Shown {
  readonly count: number;
  /** In batches; each call begins anew. */
  raws(): AsyncGenerator<readonly RawMessage[]>;
  messages(): AsyncGenerator<readonly Message[]>;
  readonly decode: MessageDecoder['decode'];
}

export interface TopicSession {
  /** Ends the reading before and begins anew. Throws UserError `bad-filter`. */
  read(request: ReadRequest): void;
  pause(): void;
  resume(): void;
  state(): SessionState;
  /** Throws UserError `bad-filter`; then the old one stays. */
  filter(filter: RecordFilter): void;
  /** Undefined: the newest first. The order before stays until this one is made; another one, or the signal, ends it. */
  sort(order: RecordOrder | undefined, signal?: AbortSignal): Promise<void>;
  rows(asked: RowsAsked): Promise<RowsFound>;
  /** Undefined when it is no longer held. */
  message(record: number): Promise<{ raw: RawMessage; message: Message } | undefined>;
  histogram(buckets: number): Histogram | undefined;
  /** The matches as they are shown now, all or the chosen ones; what comes later is not among them. */
  shown(chosen: Chosen): Shown;
  /** The same by their time, as what sends them again wants them. */
  oldestFirst(chosen: Chosen): Promise<Shown>;
  close(): void;
}

export interface SessionTools {
  readonly topic: string;
  readonly broker: Pick<Broker, 'follow'>;
  readonly decoder: Pick<MessageDecoder, 'decode'>;
  readonly find: FindBytes;
  readonly breathe: () => Promise<void>;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A reading begins; what was learnt in the one before may be true no more. */
  readonly onBegin?: () => void;
  /** Something of the state is new; it may be called very often. */
  readonly onChange: () => void;
}

/** Messages whose fields are looked at for each piece decoded. */
const FIELD_SAMPLE = 20;
const MOST_FIELDS = 300;
const EXPORT_PIECE = 1000;
/** Milliseconds until a broker that went is tried again. */
const TRY_AGAIN = 1000;

/** What a broker that comes back mends. */
const WAITED_FOR = new Set(['broker-unreachable', 'no-leader']);

const leaderlessFailure = (partitions: readonly number[]): Failure | undefined =>
  partitions.length === 0
    ? undefined
    : { code: 'no-leader', message: t('Partitions without a leader now: {0}.', partitions.join(', ')) };

export function createTopicSession(tools: SessionTools): TopicSession {
  const { topic, broker, decoder, find, breathe, onChange } = tools;
  const fields = new Set<string>();
  const headers = new Set<string>();
  const noLimits: StoreLimits = { records: 1, bytes: 1 };
  let store: RecordStore = createRecordStore(topic, noLimits);
  let limits = noLimits;
  let view: RecordView = viewOf(store);
  let filter: RecordFilter = {};
  let phase: SessionState['phase'] = 'starting';
  let failure: Failure | undefined;
  let progress = { passed: 0, left: 0, lost: 0 };
  let reading = new AbortController();
  let goOn: (() => void) | undefined;
  let working = false;
  let order: Float64Array | undefined;
  /** No record of the order is older. */
  let orderFrom = 0;
  let sorted = 0;
  let readings = 0;

  function viewOf(of: RecordStore): RecordView {
    let seen = 0;
    return createRecordView(of, {
      decode: (messages) => decoder.decode(messages),
      find,
      breathe,
      onDecoded: (message) => {
        if (seen++ % 100 < FIELD_SAMPLE) noteFields(message);
      },
    });
  }
  function noteFields(message: Message): void {
    for (const path of pathsOf(message.value)) {
      if (fields.size >= MOST_FIELDS) break;
      fields.add(path);
    }
    for (const { name } of message.headers) if (headers.size < MOST_FIELDS) headers.add(name);
  }

  /** Filters what came, then, while the broker has nothing more to give, decodes for the search. */
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    try {
      for (;;) {
        const mine = view;
        const busy =
          (await mine.step()) || (phase !== 'reading' && phase !== 'starting' && (await mine.index()));
        onChange();
        if (!busy && mine === view) return;
        await breathe();
      }
    } catch (error) {
      failure = failureOf(error);
      onChange();
    } finally {
      working = false;
    }
  };

  /** Only what matches, of one batch. */
  const matching = async (messages: readonly RawMessage[]): Promise<readonly RawMessage[]> => {
    const piece = createRecordStore(topic, { records: Infinity, bytes: Infinity });
    piece.append(messages);
    const found = viewOf(piece);
    found.setFilter(filter);
    while (await found.step());
    return Array.from(found.records(), (record) => piece.get(record)).filter((raw) => raw !== undefined);
  };

  const take = async (request: ReadRequest, messages: readonly RawMessage[]): Promise<boolean> => {
    if (request.keep === 'all') {
      store.append(messages);
      return true;
    }
    store.append((await matching(messages)).slice(0, limits.records - (store.end - store.first)));
    return store.end - store.first < limits.records;
  };

  /** Where to go on when the broker went away; undefined when the reading is over. */
  const pump = async (
    request: ReadRequest,
    first: ReadStart,
    signal: AbortSignal,
  ): Promise<ReadStart | undefined> => {
    let at: ReadStart = request.start;
    // It may be given up during any wait.
    const isOver = (): boolean => signal.aborted;
    try {
      for await (const followed of broker.follow(topic, request, signal)) {
        if (isOver()) return undefined;
        if (paused) await new Promise<void>((resolve) => (goOn = resolve));
        if (isOver()) return undefined;
        const wasWell = failure === undefined;
        failure = leaderlessFailure(followed.leaderless);
        at = { from: 'cursors', offsets: followed.cursors };
        progress = {
          passed: before.passed + followed.passed,
          left: followed.left,
          lost: before.lost + followed.lost,
        };
        const room = await take(request, followed.messages);
        if (isOver()) return undefined;
        const now = room ? (followed.left === 0 ? 'live' : 'reading') : 'full';
        const idle = now === phase && followed.messages.length === 0 && wasWell;
        phase = now;
        if (!idle) {
          void work();
          onChange();
        }
        if (!room) return undefined;
      }
      // Another reading may have begun: what this one says is no longer true.
      if (!isOver()) phase = 'ended';
      return undefined;
    } catch (error) {
      if (isOver()) return undefined;
      failure = failureOf(error);
      if (failure.code === 'topic-anew') {
        begin({ ...request, start: first });
        return undefined;
      }
      if (!WAITED_FOR.has(failure.code)) {
        phase = 'failed';
        return undefined;
      }
      return at;
    } finally {
      if (!isOver()) before = progress;
    }
  };
  let before = progress;
  let paused = false;

  const run = async (request: ReadRequest, signal: AbortSignal): Promise<void> => {
    for (let start: ReadStart | undefined = request.start; start && !signal.aborted;) {
      start = await pump({ ...request, start }, request.start, signal);
      if (start) {
        onChange();
        await tools.wait(TRY_AGAIN, signal);
      }
    }
    if (signal.aborted) return;
    void work();
    onChange();
  };

  const stop = (): void => {
    reading.abort();
    goOn?.();
    goOn = undefined;
  };
  /** What was read before goes; the filter stays. */
  const begin = (request: ReadRequest): void => {
    stop();
    tools.onBegin?.();
    readings++;
    reading = new AbortController();
    // Numbers of the reading before say nothing of this one.
    sorted++;
    ({ limits } = request);
    store = createRecordStore(topic, request.keep === 'all' ? limits : { ...limits, records: Infinity });
    view = viewOf(store);
    view.setFilter(filter);
    phase = 'starting';
    failure = undefined;
    paused = false;
    progress = before = { passed: 0, left: 0, lost: 0 };
    order = undefined;
    onChange();
    void run(request, reading.signal);
  };
  const place = (asked: number, count: number): number | undefined =>
    order ? order[asked] : view.at(count - 1 - asked);

  const numbersOf = (chosen: Chosen): readonly number[] | Float64Array => {
    if (chosen === 'all') return order ?? view.records().reverse();
    if ('records' in chosen) return chosen.records;
    const { end, from, count } = chosen;
    const rows = order ? order.length : view.below(end);
    return Array.from({ length: Math.max(0, Math.min(rows - from, count)) }, (_, at) =>
      place(from + at, rows),
    ).filter((record) => record !== undefined);
  };

  /** Of a store that may no longer be the one that is read into. */
  const shownOf = (held: RecordStore, all: readonly number[] | Float64Array): Shown => {
    const raws = async function* (): AsyncGenerator<readonly RawMessage[]> {
      for (let from = 0; from < all.length; from += EXPORT_PIECE) {
        yield Array.from(all.slice(from, from + EXPORT_PIECE), (record) => held.get(record)).filter(
          (raw) => raw !== undefined,
        );
        await breathe();
      }
    };
    return {
      count: all.length,
      raws,
      messages: async function* () {
        for await (const piece of raws()) yield await decoder.decode(piece);
      },
      decode: (messages) => decoder.decode(messages),
    };
  };

  return {
    read: (request) => {
      createMatcher(request.filter);
      filter = request.filter;
      begin(request);
    },
    pause: () => {
      paused = true;
      onChange();
    },
    resume: () => {
      paused = false;
      goOn?.();
      goOn = undefined;
      onChange();
    },
    state: () => ({
      phase: paused && (phase === 'live' || phase === 'reading' || phase === 'starting') ? 'paused' : phase,
      ...(failure ? { failure } : {}),
      reading: readings,
      first: store.first,
      end: store.end,
      bytes: store.bytes,
      limits,
      matches: view.count,
      looked: view.looked,
      ...progress,
      fields: [...fields].sort(),
      headers: [...headers].sort(),
    }),
    filter: (next) => {
      view.setFilter(next);
      filter = next;
      order = undefined;
      sorted++;
      void work();
      onChange();
    },
    sort: async (asked, signal) => {
      const mine = ++sorted;
      const stillWanted = (): boolean => mine === sorted && signal?.aborted !== true;
      const made =
        asked &&
        (await sortRecords(
          store,
          view,
          asked,
          { decode: (messages) => decoder.decode(messages), breathe },
          stillWanted,
        ));
      if (!stillWanted()) return;
      order = made;
      orderFrom = 0;
      onChange();
    },
    rows: async ({ end, from, count, fields: shown }) => {
      if (order && orderFrom < store.first) {
        orderFrom = store.first;
        order = order.filter((record) => record >= orderFrom);
      }
      const rows = order ? order.length : view.below(end);
      const records: number[] = [];
      const raws: RawMessage[] = [];
      for (let asked = from; asked < Math.min(rows, from + count); asked++) {
        const record = place(asked, rows);
        const raw = record === undefined ? undefined : store.get(record);
        if (record === undefined || !raw) continue;
        records.push(record);
        raws.push(raw);
      }
      const messages = await decoder.decode(raws);
      messages.forEach(noteFields);
      return {
        lines: messages.map((message, index) => messageLine(records[index] ?? 0, message, shown)),
        count: rows,
      };
    },
    message: async (record) => {
      const raw = store.get(record);
      if (!raw) return undefined;
      const [message] = await decoder.decode([raw]);
      return message && { raw, message };
    },
    histogram: (buckets) => histogramOf(store, view, buckets),
    shown: (chosen) => shownOf(store, numbersOf(chosen)),
    oldestFirst: async (chosen) => {
      const held = store;
      return shownOf(held, await sortByTime(held, numbersOf(chosen), breathe));
    },
    close: stop,
  };
}
