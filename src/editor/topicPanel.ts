/** The message viewer's host: a thread holds the messages, the page shows them, and this passes on what they say. */
import * as vscode from 'vscode';
import { sandboxAccess, type ClusterAccess } from '../core/access.ts';
import { isCancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Chosen, ExportFormat, TopicCalls, TopicView } from '../wire/topic.ts';
import { hostCalls } from './pageCalls.ts';
import { toFailure, type Panels } from './panel.ts';
import { badgeOf, placeAt } from './place.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { copyCommands, openTemplate, sendAgain } from './sendAgain.ts';
import { createTopicThreads, type TakenMessages } from './topicThread.ts';
import { topicTarget } from './tree.ts';
import { linkTo, rememberedView, rememberView, viewKey } from './topicViews.ts';

/** What the watch knows spares the runtime a question for each call of the page. */
const sandboxNow = async (room: Room): Promise<ClusterAccess> =>
  sandboxAccess(room.sandbox.status?.endpoints ?? (await room.lakehouse().endpoints()));

/**
 * `asked` is a view that a link holds, instead of the one of the last time; `connection` the id of the one that the
 * topic is in, undefined for the sandbox.
 */
export function showTopic(
  room: Room,
  panels: Panels,
  topic: string,
  asked?: TopicView,
  connection?: string,
): void {
  const at = { topic, connection };
  const key = viewKey(at);
  if (asked) panels.close(key);
  panels.show<TopicCalls>(key, (closed) => {
    /** Until a filter of it was taken away. */
    let given = asked;
    let onWritten: (count: number) => void = () => undefined;
    const threads = createTopicThreads({
      start: (access) => room.outside.topicThread({ topic, access, locale: vscode.env.language }),
      access: () => (connection === undefined ? sandboxNow(room) : room.connections.access(connection)),
      onChanged: () => {
        panels.tell(key);
      },
      onWritten: (count) => {
        onWritten(count);
      },
      onEnd: (error) => {
        room.log.error(`messages of ${topic}`, error);
      },
      onStuck: (filter) => {
        const kept = given ?? rememberedView(room, at);
        given = undefined;
        if (kept) void rememberView(room, at, { ...kept, filter });
      },
      describe: (error) => toFailure(error, room.log),
    });
    const { ask } = threads;
    closed.addEventListener('abort', threads.close);
    const withTaken = async (chosen: Chosen, use: (taken: TakenMessages) => Promise<void>): Promise<null> => {
      const taken = await threads.take(chosen);
      try {
        await use(taken);
      } catch (error) {
        if (!isCancelled(error)) throw error;
      } finally {
        await taken.close();
      }
      return null;
    };

    return {
      page: 'topicPage',
      title: connection === undefined ? topic : `${topic} · ${room.connections.get(connection).name}`,
      handlers: {
        ...hostCalls(
          ['start', 'produce', 'importCsv', 'editConnection'].map((id) => `ordersLakehouse.${id}`),
        ),
        produce: async () => {
          await vscode.commands.executeCommand('ordersLakehouse.producePage', topicTarget(connection, topic));
          return null;
        },
        opened: async () => {
          const { messages, partitions } = await (
            await placeAt(room, connection).cluster.broker()
          ).topic(topic);
          return {
            topic,
            messages,
            partitions: partitions.length,
            view: given ?? rememberedView(room, at),
            connection: connection === undefined ? null : badgeOf(room.connections.get(connection)),
          };
        },
        read: (request) => ask('read', request),
        pause: () => ask('pause', null),
        resume: () => ask('resume', null),
        state: () => ask('state', null),
        filter: (filter) => ask('filter', filter),
        sort: (order, signal) => ask('sort', order, signal),
        rows: (rows, signal) => ask('rows', rows, signal),
        message: (which) => ask('message', which),
        histogram: (buckets) => ask('histogram', buckets),
        keep: async (view) => {
          await rememberView(room, at, view);
          return null;
        },
        copyCommand: (chosen) =>
          withTaken(chosen, (taken) => copyCommands(room, placeAt(room, connection), taken)),
        asDocument: (chosen) =>
          withTaken(chosen, (taken) => openTemplate(room, placeAt(room, connection), taken)),
        replay: (chosen) =>
          withTaken(chosen, (taken) =>
            sendAgain(room, placeAt(room, connection), topic, taken, (target, view) => {
              showTopic(room, panels, target, view, connection);
            }),
          ),
        copyLink: async (view) => {
          await vscode.env.clipboard.writeText(linkTo(room, at, view));
          return null;
        },
        export: async ({ fields }) => {
          const target = await askWhere(topic);
          if (!target) return { path: null };
          const format = formatOf(target.path);
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

function formatOf(path: string): ExportFormat {
  const ending = path.toLowerCase().split('.').at(-1);
  return ending === 'csv' || ending === 'parquet' ? ending : 'ndjson';
}

function askWhere(topic: string): Thenable<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: t('Export the messages shown of {0}', topic),
    filters: { [t('JSON, one message a line')]: ['ndjson'], CSV: ['csv'], Parquet: ['parquet'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${topic}.ndjson`) } : {}),
  });
}

function offerToOpen(file: vscode.Uri, message: string): void {
  const show = t('Open file');
  void vscode.window
    .showInformationMessage(message, show)
    .then((chosen) => (chosen === show ? vscode.commands.executeCommand('vscode.open', file) : undefined));
}
