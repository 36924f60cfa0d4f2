/** The message viewer's host: a thread holds the messages, the page shows them, and this passes on what they say. */
import * as vscode from 'vscode';
import { isCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Endpoints } from '../core/sandbox.ts';
import { createPeer, type Contract, type Peer } from '../wire/rpc.ts';
import type { ReadRequest, ThreadCalls, ThreadNotices, TopicCalls, TopicView } from '../wire/topic.ts';
import { hostCalls } from './pageCalls.ts';
import { toFailure, type Panels } from './panel.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { linkTo, rememberedView, rememberView } from './topicViews.ts';

type Nothing = Readonly<Record<string, never>>;

/** Calls that a thread answers at once, whatever it does. */
const QUICK: ReadonlySet<keyof ThreadCalls> = new Set(['state', 'pause', 'resume', 'filter']);
/** Milliseconds. */
const STUCK = 20_000;

interface Thread {
  readonly endpoints: Endpoints;
  readonly peer: Peer<ThreadCalls, Nothing>;
  /** False once it ended, by itself or closed. */
  readonly alive: () => boolean;
  readonly close: () => void;
}

/** What the thread tells without being asked. */
interface Hearing {
  changed(): void;
  written(count: number): void;
}

async function startThread(room: Room, topic: string, endpoints: Endpoints, hear: Hearing): Promise<Thread> {
  const thread = await room.outside.topicThread({ topic, endpoints, locale: vscode.env.language });
  const peer = createPeer<Contract, ThreadNotices, ThreadCalls, Nothing>({
    port: thread,
    handlers: {},
    listeners: {
      changed: () => {
        hear.changed();
      },
      written: (count) => {
        hear.written(count);
      },
    },
    describe: (error) => toFailure(error, room.log),
  });
  let alive = true;
  const close = (): void => {
    alive = false;
    peer.close();
    thread.close();
  };
  thread.onEnd((error) => {
    room.log.error(`messages of ${topic}`, error);
    close();
    hear.changed();
  });
  return { endpoints, peer, alive: () => alive, close };
}

const sameEndpoints = (one: Endpoints, other: Endpoints): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** `asked` is a view that a link holds, instead of the one of the last time. */
export function showTopic(room: Room, panels: Panels, topic: string, asked?: TopicView): void {
  const key = `topic/${topic}`;
  if (asked) panels.close(key);
  panels.show<TopicCalls>(key, (closed) => {
    let current: Thread | undefined;
    let turn: Promise<unknown> = Promise.resolve();
    let reading: ReadRequest | undefined;
    let onWritten: (count: number) => void = () => undefined;
    closed.addEventListener('abort', () => {
      current?.close();
    });

    /** What the watch knows spares the runtime a question for each call of the page. */
    const endpointsNow = async (): Promise<Endpoints> =>
      room.sandbox.status?.endpoints ?? (await room.lakehouse().endpoints());
    /** The thread of the sandbox as it is now; one that was started anew reads what was read before. */
    const renewed = async (): Promise<Thread> => {
      const endpoints = await endpointsNow();
      if (current?.alive() && sameEndpoints(current.endpoints, endpoints)) return current;
      current?.close();
      const started = await startThread(room, topic, endpoints, {
        changed: () => {
          panels.tell(key);
        },
        written: (count) => {
          onWritten(count);
        },
      });
      current = started;
      if (closed.aborted) started.close();
      else if (reading) await started.peer.call('read', reading);
      return started;
    };
    // One after the other, lest two calls start two threads.
    const thread = (): Promise<Thread> => {
      const mine = turn.then(renewed, renewed);
      turn = mine;
      return mine;
    };
    const ask = async <K extends keyof ThreadCalls>(
      method: K,
      params: ThreadCalls[K]['params'],
      signal?: AbortSignal,
    ): Promise<ThreadCalls[K]['result']> => {
      const asked = await thread();
      const answer = asked.peer.call(method, params, signal);
      if (!QUICK.has(method)) return answer;
      return Promise.race([answer, stuck(asked, answer)]);
    };
    /** An expression can take for ever. Its thread is ended, and the next one begins without the filter. */
    const stuck = (asked: Thread, answer: Promise<unknown>): Promise<never> =>
      new Promise((_resolve, reject) => {
        const timer = setTimeout(() => {
          if (reading) reading = { ...reading, filter: {} };
          asked.close();
          const kept = rememberedView(room, topic);
          if (kept) void rememberView(room, topic, { ...kept, filter: {} });
          reject(
            new UserError('filter-stuck', t('The filter takes too long: it was taken away.'), {
              hint: t('Try another expression.'),
            }),
          );
        }, STUCK);
        const over = (): void => {
          clearTimeout(timer);
        };
        answer.then(over, over);
      });

    return {
      page: 'topicPage',
      title: topic,
      handlers: {
        ...hostCalls(['start', 'produce', 'producePage', 'importCsv'].map((id) => `ordersLakehouse.${id}`)),
        opened: async () => {
          const { messages, partitions } = await (await room.lakehouse().broker()).topic(topic);
          return {
            topic,
            messages,
            partitions: partitions.length,
            view: asked ?? rememberedView(room, topic),
          };
        },
        read: async (request) => {
          await ask('read', request);
          reading = request;
          return null;
        },
        pause: () => ask('pause', null),
        resume: () => ask('resume', null),
        state: () => ask('state', null),
        filter: async (filter) => {
          await ask('filter', filter);
          if (reading) reading = { ...reading, filter };
          return null;
        },
        sort: (order) => ask('sort', order),
        rows: (rows, signal) => ask('rows', rows, signal),
        message: (which) => ask('message', which),
        histogram: (buckets) => ask('histogram', buckets),
        keep: async (view) => {
          await rememberView(room, topic, view);
          return null;
        },
        copyLink: async (view) => {
          await vscode.env.clipboard.writeText(linkTo(room, topic, view));
          return null;
        },
        export: async ({ fields }) => {
          const target = await askWhere(topic);
          if (!target) return { path: null };
          const format = target.path.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson';
          const { matches: total } = await ask('state', null);
          try {
            const { written } = await withProgress(t('Exporting {0}', topic), room.log, (onEvent, signal) => {
              onWritten = (done) => {
                onEvent({ type: 'progress', task: topic, done, total, unit: t('messages') });
              };
              return ask('write', { path: target.fsPath, format, fields }, signal);
            });
            offerToOpen(target, t('{0} messages of {1} written to {2}', written, topic, target.fsPath));
            return { path: target.fsPath };
          } catch (error) {
            // A thread that went with its tab leaves what it had written.
            const part = target.with({ path: `${target.path}.part` });
            await vscode.workspace.fs.delete(part).then(undefined, () => undefined);
            if (isCancelled(error)) return { path: null };
            throw error;
          }
        },
      },
    };
  });
}

function askWhere(topic: string): Thenable<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: t('Export the messages shown of {0}', topic),
    filters: { [t('JSON, one message a line')]: ['ndjson'], CSV: ['csv'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${topic}.ndjson`) } : {}),
  });
}

function offerToOpen(file: vscode.Uri, message: string): void {
  const show = t('Open file');
  void vscode.window
    .showInformationMessage(message, show)
    .then((chosen) => (chosen === show ? vscode.commands.executeCommand('vscode.open', file) : undefined));
}
