/** How a person looked at a topic: kept for the next time, and carried by a link. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { TopicView } from '../wire/topic.ts';
import type { Room } from './room.ts';

const keyOf = (topic: string): string => `topicView/${topic}`;

export function rememberedView(room: Room, topic: string): TopicView | null {
  return room.context.workspaceState.get<TopicView>(keyOf(topic)) ?? null;
}

export async function rememberView(room: Room, topic: string, view: TopicView): Promise<void> {
  await room.context.workspaceState.update(keyOf(topic), view);
}

/** Opens the view in the window of VS Code that has the focus. */
export function linkTo(room: Room, topic: string, view: TopicView): string {
  const query = new URLSearchParams({ view: JSON.stringify(view) });
  return `${vscode.env.uriScheme}://${room.context.extension.id}/topic/${encodeURIComponent(topic)}?${query.toString()}`;
}

const isView = (value: unknown): value is TopicView =>
  typeof value === 'object' &&
  value !== null &&
  ['start', 'end', 'filter', 'fields', 'widths'].every((name) => {
    const part = (value as Record<string, unknown>)[name];
    return typeof part === 'object' && part !== null;
  });

/** What a link asks for. Throws UserError `bad-link`. */
export function readLink(uri: vscode.Uri): { readonly topic: string; readonly view: TopicView } {
  const topic = /^\/topic\/(.+)$/.exec(uri.path)?.[1];
  let view: unknown;
  try {
    view = JSON.parse(new URLSearchParams(uri.query).get('view') ?? '');
  } catch {
    // Told below, with every other fault of a link.
  }
  if (topic === undefined || !isView(view)) {
    throw new UserError('bad-link', t('This link names no view of a topic.'));
  }
  return { topic, view };
}
