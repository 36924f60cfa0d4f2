/** How a person looked at a topic: kept for the next time, and carried by a link. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { parseTopicView, type TopicView } from '../core/records/topicView.ts';
import type { Room } from './room.ts';

const keyOf = (topic: string): string => `topicView/${topic}`;

/** Null for the first time, and for what an older version kept in another way. */
export function rememberedView(room: Room, topic: string): TopicView | null {
  return parseTopicView(room.context.workspaceState.get(keyOf(topic))) ?? null;
}

export async function rememberView(room: Room, topic: string, view: TopicView): Promise<void> {
  await room.context.workspaceState.update(keyOf(topic), view);
}

/** A part of a topic in the columns of the last time. */
function inColumns(room: Room, topic: string, part: Pick<TopicView, 'start' | 'end' | 'filter'>): TopicView {
  const { fields = [], widths = {} } = rememberedView(room, topic) ?? {};
  return { ...part, order: null, fields, widths };
}

/** What came since a moment, and comes. */
export const viewSince = (room: Room, topic: string, timestampMs: number): TopicView =>
  inColumns(room, topic, { start: { from: 'time', timestampMs }, end: { until: 'forever' }, filter: {} });

/** A partition from one message on. `offset`: int64 as text. */
export const viewOf = (
  room: Room,
  topic: string,
  { partition, offset }: { readonly partition: number; readonly offset: string },
): TopicView =>
  inColumns(room, topic, {
    start: { from: 'offset', offset },
    end: { until: 'forever' },
    filter: { partitions: [partition] },
  });

/** Opens the view in the window of VS Code that has the focus. The letters of base64url survive any decoding. */
export function linkTo(room: Room, topic: string, view: TopicView): string {
  const packed = Buffer.from(JSON.stringify(view)).toString('base64url');
  return `${vscode.env.uriScheme}://${room.context.extension.id}/topic/${encodeURIComponent(topic)}?view=${packed}`;
}

function unpack(query: string): unknown {
  try {
    const packed = new URLSearchParams(query).get('view') ?? '';
    return JSON.parse(Buffer.from(packed, 'base64url').toString());
  } catch {
    // It is told with every other fault of a link.
    return undefined;
  }
}

/** What a link asks for. Throws UserError `bad-link`. */
export function readLink(uri: vscode.Uri): { readonly topic: string; readonly view: TopicView } {
  const topic = /^\/topic\/(.+)$/.exec(uri.path)?.[1];
  const view = parseTopicView(unpack(uri.query));
  if (topic === undefined || !view) {
    throw new UserError('bad-link', t('This link names no view of a topic.'));
  }
  return { topic, view };
}
