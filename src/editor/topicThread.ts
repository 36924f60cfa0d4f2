/** The thread of a message viewer as its host uses it: started when it is needed, and ended when it is stuck. */
import type { ClusterAccess } from '../core/access.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { TopicThread } from '../core/ports.ts';
import { withoutExpressions, type RecordFilter } from '../core/records/filter.ts';
import type { RawMessage } from '../core/topics.ts';
import { createPeer, type Contract, type Failure, type Peer } from '../wire/rpc.ts';
import type { Chosen, ReadRequest, ThreadCalls, ThreadNotices } from '../wire/topic.ts';

type Nothing = Readonly<Record<string, never>>;

/** Calls that a thread answers at once, whatever it does. */
const QUICK: ReadonlySet<keyof ThreadCalls> = new Set(['state', 'pause', 'resume', 'filter']);
/** Milliseconds. */
const STUCK = 20_000;

interface Running {
  readonly access: ClusterAccess;
  readonly peer: Peer<ThreadCalls, Nothing>;
  /** False once it ended, by itself or closed. */
  readonly alive: () => boolean;
  readonly close: () => void;
}

export interface ThreadOptions {
  readonly start: (access: ClusterAccess) => Promise<TopicThread>;
  readonly access: () => Promise<ClusterAccess>;
  readonly onChanged: () => void;
  readonly onWritten: (count: number) => void;
  /** It ended by itself. */
  readonly onEnd: (error: Error) => void;
  /** It was ended because a filter took too long; this one is left of it. */
  readonly onStuck: (filter: RecordFilter) => void;
  readonly describe: (error: unknown) => Failure;
  /** Milliseconds until a thread that does not answer counts as stuck. */
  readonly patience?: number;
}

/** What was chosen, as bytes; those that are let go meanwhile are left out. */
export interface TakenMessages {
  readonly count: number;
  readonly messages: AsyncIterable<readonly RawMessage[]>;
  /** Lets the thread forget them. */
  readonly close: () => Promise<void>;
}

export interface TopicThreads {
  /** Throws UserError `filter-stuck`. */
  readonly ask: <K extends keyof ThreadCalls>(
    method: K,
    params: ThreadCalls[K]['params'],
    signal?: AbortSignal,
  ) => Promise<ThreadCalls[K]['result']>;
  readonly take: (chosen: Chosen) => Promise<TakenMessages>;
  readonly close: () => void;
}

const sameAccess = (one: ClusterAccess, other: ClusterAccess): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export function createTopicThreads(options: ThreadOptions): TopicThreads {
  const { patience = STUCK } = options;
  let current: Running | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let reading: ReadRequest | undefined;
  let closed = false;

  const begin = async (access: ClusterAccess): Promise<Running> => {
    const thread = await options.start(access);
    const peer = createPeer<Contract, ThreadNotices, ThreadCalls, Nothing>({
      port: thread,
      handlers: {},
      listeners: { changed: options.onChanged, written: options.onWritten },
      describe: options.describe,
    });
    let alive = true;
    const close = (): void => {
      alive = false;
      peer.close();
      thread.close();
    };
    thread.onEnd((error) => {
      options.onEnd(error);
      close();
      options.onChanged();
    });
    return { access, peer, alive: () => alive, close };
  };
  /** The thread of the cluster as it is now; one that was started anew reads what was read before. */
  const renewed = async (): Promise<Running> => {
    const access = await options.access().catch((error: unknown) => {
      // What may not be reached any more is not followed either.
      current?.close();
      throw error;
    });
    if (current?.alive() && sameAccess(current.access, access)) return current;
    current?.close();
    const started = await begin(access);
    current = started;
    if (closed) started.close();
    else if (reading) await started.peer.call('read', reading);
    return started;
  };
  // One after the other, lest two calls start two threads.
  const thread = (): Promise<Running> => {
    const mine = turn.then(renewed, renewed);
    turn = mine;
    return mine;
  };
  /** An expression can take for ever. Its thread is ended, and the next one begins without it. */
  const stuck = (asked: Running, answer: Promise<unknown>): Promise<never> =>
    new Promise((_resolve, reject) => {
      const timer = setTimeout(() => {
        // First, lest the call that is given up with the thread is heard instead.
        reject(
          new UserError('filter-stuck', t('The filter takes too long: it was taken away.'), {
            hint: t('Try another expression.'),
          }),
        );
        // Another call may have found it before.
        if (!asked.alive()) return;
        const filter = withoutExpressions(reading?.filter ?? {});
        if (reading) reading = { ...reading, filter };
        asked.close();
        options.onStuck(filter);
      }, patience);
      const over = (): void => {
        clearTimeout(timer);
      };
      answer.then(over, over);
    });

  const ask: TopicThreads['ask'] = async (method, params, signal) => {
    const asked = await thread();
    const answer = asked.peer.call(method, params, signal);
    const result = await (QUICK.has(method) ? Promise.race([answer, stuck(asked, answer)]) : answer);
    if (method === 'read') reading = params as ReadRequest;
    if (method === 'filter' && reading) reading = { ...reading, filter: params as RecordFilter };
    return result;
  };

  return {
    ask,
    take: async (chosen) => {
      const { peer } = await thread();
      const { id, count } = await peer.call('take', chosen);
      return {
        count,
        messages: (async function* () {
          for (;;) {
            const batch = await peer.call('next', { id });
            if (!batch) return;
            yield batch;
          }
        })(),
        close: async () => {
          // A thread that ended has forgotten them.
          await peer.call('drop', { id }).catch(() => undefined);
        },
      };
    },
    close: () => {
      closed = true;
      current?.close();
    },
  };
}
