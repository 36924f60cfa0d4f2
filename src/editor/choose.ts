/** Finds out which topic, table or part a command is about, when it was not called on one. */
import * as vscode from 'vscode';
import { formatTableName, listTables } from '../core/catalog.ts';
import { Cancelled } from '../core/errors.ts';
import { stateText as groupState } from '../core/groups.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName } from '../core/sandbox.ts';
import type { Topic } from '../core/topics.ts';
import { count } from './numbers.ts';
import type { Room } from './room.ts';
import { PART_TITLES, stateText } from './sandboxTree.ts';
import { targetOf } from './tree.ts';

type Item = vscode.QuickPickItem & { readonly value: string };

async function pick(items: Thenable<Item[]> | Item[], placeHolder: string): Promise<string> {
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) throw new Cancelled();
  return chosen.value;
}

/** A node of the wanted kind, or a plain name, among the arguments of the command. */
function given(argument: unknown, kind: string): string | undefined {
  if (typeof argument === 'string') return argument;
  const target = targetOf(argument);
  return target?.kind === kind ? target.name : undefined;
}

/** The topics that a person works with. */
export async function choosable(room: Room): Promise<readonly Topic[]> {
  const broker = await room.lakehouse().broker();
  return (await broker.topics()).filter((topic) => !topic.internal);
}

export async function chooseTopic(room: Room, argument: unknown): Promise<string> {
  const name = given(argument, 'topic');
  if (name !== undefined) return name;
  const topics = await choosable(room);
  return pick(
    topics.map((topic) => ({
      label: topic.name,
      description: t('{0} messages', count(topic.messages)),
      value: topic.name,
    })),
    t('Which topic?'),
  );
}

/** The topic that a command was called on; undefined when on none. */
export const topicOf = (argument: unknown): string | undefined => given(argument, 'topic');

export async function chooseGroup(room: Room, argument: unknown): Promise<string> {
  const name = given(argument, 'group');
  if (name !== undefined) return name;
  const groups = await (await room.lakehouse().topicAdmin()).groups();
  return pick(
    groups.map(({ groupId, state }) => ({
      label: groupId,
      description: groupState(state),
      value: groupId,
    })),
    t('Which consumer group?'),
  );
}

export async function chooseTable(room: Room, argument: unknown): Promise<string> {
  const name = given(argument, 'table');
  if (name !== undefined) return name;
  const tables = await listTables(await room.lakehouse().tables(), new AbortController().signal);
  return pick(
    tables.map((table) => ({
      label: formatTableName(table),
      value: formatTableName(table),
    })),
    t('Which table?'),
  );
}

export async function choosePart(room: Room, argument: unknown): Promise<PartName> {
  const name = given(argument, 'part');
  const known = PARTS.find((part) => part === name);
  if (known) return known;
  const states = new Map(room.sandbox.status?.parts.map((part) => [part.name, part.state]));
  const chosen = await pick(
    PARTS.map((part) => ({
      label: PART_TITLES[part],
      description: stateText(states.get(part) ?? 'stopped'),
      value: part,
    })),
    t('Whose logs?'),
  );
  return PARTS.find((part) => part === chosen) ?? 'kafka';
}
