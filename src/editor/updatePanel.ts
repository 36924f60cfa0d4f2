/** The host of the page that follows an update; it asks the workspace while the page is open, and no longer. */
import * as vscode from 'vscode';
import { followUpdate, type UpdateNews } from '../core/databricks/followUpdate.ts';
import { foldUpdate } from '../core/databricks/updateReport.ts';
import { updateState } from '../core/databricks/stateText.ts';
import { throwIfCancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { UpdateCalls, UpdateShown } from '../wire/update.ts';
import { mayWrite } from './mayWrite.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import { showResult } from './resultPanel.ts';
import type { Room } from './room.ts';

/** Reads news on and on; who waits for newer ones is told. */
function createFollower(
  room: Room,
  workspace: string,
  pipeline: string,
  updateId: string,
  closed: AbortSignal,
) {
  const folding = foldUpdate();
  const waiting = new Set<() => void>();
  let news: UpdateNews | undefined;
  let name = '';
  let version = 0;
  let failure: unknown;
  let running = false;
  const wake = (): void => {
    version += 1;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const read = async (): Promise<void> => {
    running = true;
    failure = undefined;
    try {
      const client = await room.workspaces.open(workspace, () => undefined, closed);
      name ||= (await client.pipelines.get(pipeline))?.name ?? pipeline;
      for await (const next of followUpdate(client.pipelines, pipeline, updateId, closed)) {
        const changed = next.events.length > 0 || next.over || next.update.state !== news?.update.state;
        folding.add(next.events);
        news = next;
        if (changed) wake();
      }
    } catch (error) {
      failure = error;
      wake();
    } finally {
      running = false;
    }
  };
  const shown = (): UpdateShown | undefined => {
    if (!news) return undefined;
    const { update, over } = news;
    const { name: called, colour, production } = room.workspaces.get(workspace);
    return {
      badge: { name: production ? `${called} · ${t('production')}` : called, colour, readOnly: false },
      pipeline: name,
      state: updateState(update.state),
      startedAt: new Date(update.createdMs).toISOString(),
      fullRefresh: update.fullRefresh,
      report: folding.report(),
      version,
      over,
    };
  };
  return async (known: number, signal: AbortSignal): Promise<UpdateShown> => {
    // A page that asks anew after a failure has it tried anew; what was read stays, each event once.
    if (!running && !news?.over) void read();
    for (;;) {
      throwIfCancelled(signal);
      const now = shown();
      if (now && (now.over || now.version > known)) return now;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        signal.addEventListener(
          'abort',
          () => {
            resolve();
          },
          { once: true },
        );
      });
      // A sign-in that was given up is told as well: nothing else would end the waiting.
      if (failure !== undefined) throw failure as Error;
    }
  };
}

export function showUpdate(
  room: Room,
  panels: Panels,
  workspaceId: string,
  pipelineId: string,
  updateId: string,
): void {
  const { host, name } = room.workspaces.get(workspaceId);
  panels.show<UpdateCalls>(`update/${updateId}/${workspaceId}`, (closed) => {
    const follow = createFollower(room, workspaceId, pipelineId, updateId, closed);
    return {
      page: 'updatePage',
      title: t('Update · {0}', name),
      handlers: {
        ...hostCalls([]),
        follow: ({ version }, signal) => follow(version, signal),
        stop: async () => {
          await mayWrite(room, workspaceId, {
            question: t('Stop this update on {0}?', name),
            yes: t('Stop'),
            detail: [t('What it has written stays.')],
            always: true,
          });
          const client = await room.workspaces.open(workspaceId, () => undefined, closed);
          await client.pipelines.stop(pipelineId);
          return null;
        },
        browse: async () => {
          const address = `${host}/pipelines/${pipelineId}/updates/${updateId}`;
          await vscode.env.openExternal(vscode.Uri.parse(address, true));
          return null;
        },
        log: () => {
          showEventLog(room, panels, workspaceId, pipelineId, updateId);
          return null;
        },
      },
    };
  });
}

const literal = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** All of it, counts included: some of those are nowhere else. */
function showEventLog(
  room: Room,
  panels: Panels,
  workspaceId: string,
  pipelineId: string,
  updateId: string,
): void {
  showResult(room, panels, {
    key: `eventLog/${updateId}/${workspaceId}`,
    page: 'historyPage',
    title: t('Event log of {0}', updateId),
    again: true,
    remote: true,
    run: async (signal) => {
      const tables = await room.warehouses.tables(workspaceId);
      return tables.query(
        `SELECT timestamp, level, event_type, message, details, error FROM event_log(${literal(pipelineId)}) ` +
          `WHERE origin.update_id = ${literal(updateId)} ORDER BY timestamp`,
        {},
        signal,
      );
    },
  });
}
