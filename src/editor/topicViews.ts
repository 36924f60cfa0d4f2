/** How a person looked at a topic: kept for the next time, and carried by a link. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { parseTopicView, type TopicView } from '../core/records/topicView.ts';
import type { Room } from './room.ts';

export interface TopicPlace {
  readonly topic: string;
  /** Id; undefined for the sandbox. */
  readonly connection: string | undefined;
}

export const viewKey = ({ topic, connection }: TopicPlace): string =>
  connection === undefined ? `topic/${topic}` : `topic/${topic}/${connection}`;
const keyOf = (at: TopicPlace): string => viewKey(at).replace('topic', 'topicView');

/** Null for the first time, and for what an older version kept in another way. */
export function rememberedView(room: Room, at: TopicPlace): TopicView | null {
  return parseTopicView(room.context.workspaceState.get(keyOf(at))) ?? null;
}

export async function rememberView(room: Room, at: TopicPlace, view: TopicView): Promise<void> {
  await room.context.workspaceState.update(keyOf(at), view);
}

/** A part of a topic in the columns of the last time. */
function inColumns(room: Room, at: TopicPlace, part: Pick<TopicView, 'start' | 'end' | 'filter'>): TopicView {
  const { fields = [], widths = {} } = rememberedView(room, at) ?? {};
  return { ...part, order: null, fields, widths };
}

/** What came since a moment, and comes. */
export const viewSince = (room: Room, at: TopicPlace, timestampMs: number): TopicView =>
  inColumns(room, at, { start: { from: 'time', timestampMs }, end: { until: 'forever' }, filter: {} });

/** A partition from one message on. `offset`: int64 as text. */
export const viewOf = (
  room: Room,
  at: TopicPlace,
  { partition, offset }: { readonly partition: number; readonly offset: string },
): TopicView =>
  inColumns(room, at, {
    start: { from: 'offset', offset },
    end: { until: 'forever' },
    filter: { partitions: [partition] },
  });

/** Opens the view in the window of VS Code that has the focus. The letters of base64url survive any decoding. */
export function linkTo(room: Room, { topic, connection }: TopicPlace, view: TopicView): string {
  const packed = Buffer.from(JSON.stringify(view)).toString('base64url');
  // By its name: the colleague's connection of that name has another id.
  const named = connection === undefined ? undefined : room.connections.get(connection).name;
  const among = named === undefined ? '' : `&connection=${Buffer.from(named).toString('base64url')}`;
  return `${vscode.env.uriScheme}://${room.context.extension.id}/topic/${encodeURIComponent(topic)}?view=${packed}${among}`;
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
export function readLink(uri: vscode.Uri): {
  readonly topic: string;
  readonly view: TopicView;
  /** Name of the connection; undefined for the sandbox. */
  readonly connection: string | undefined;
} {
  const topic = /^\/topic\/(.+)$/.exec(uri.path)?.[1];
  const view = parseTopicView(unpack(uri.query));
  if (topic === undefined || !view) {
    throw new UserError('bad-link', t('This link names no view of a topic.'));
  }
  const named = new URLSearchParams(uri.query).get('connection');
  return {
    topic,
    view,
    connection: named === null ? undefined : Buffer.from(named, 'base64url').toString(),
  };
}
