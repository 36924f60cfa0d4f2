/** The message viewer's host: a thread holds the messages, the page shows them, and this passes on what they say. */
import * as vscode from 'vscode';
import { isCancelled } from '../core/errors.ts';
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
    let current: Promise<Thread> | undefined;
    let reading: ReadRequest | undefined;
    let onWritten: (count: number) => void = () => undefined;
    closed.addEventListener('abort', () => {
      current?.then(
        ({ close }) => {
          close();
        },
        // It never started.
        () => undefined,
      );
    });

    /** The thread of the sandbox as it is now; one that was started anew reads what was read before. */
    const thread = async (): Promise<Thread> => {
      const endpoints = await room.lakehouse().endpoints();
      const old = await current?.catch(() => undefined);
      if (old?.alive() && sameEndpoints(old.endpoints, endpoints)) return old;
      old?.close();
      const hear = {
        changed: () => {
          panels.tell(key);
        },
        written: (count: number) => {
          onWritten(count);
        },
      };
      const started = (current = startThread(room, topic, endpoints, hear));
      started.catch(() => {
        if (current === started) current = undefined;
      });
      const { peer } = await started;
      if (reading) await peer.call('read', reading);
      return started;
    };
    const ask = async <K extends keyof ThreadCalls>(
      method: K,
      params: ThreadCalls[K]['params'],
      signal?: AbortSignal,
    ): Promise<ThreadCalls[K]['result']> => (await thread()).peer.call(method, params, signal);

    return {
      page: 'topicPage',
      title: topic,
      handlers: {
        ...hostCalls(['ordersLakehouse.start', 'ordersLakehouse.produce', 'ordersLakehouse.importCsv']),
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
