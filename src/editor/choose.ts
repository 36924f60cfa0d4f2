/** Finds out which topic, table or part a command is about, when it was not called on one. */
import * as vscode from 'vscode';
import { formatTableName, listTables } from '../core/catalog.ts';
import type { ConnectionProfile } from '../core/connections.ts';
import { Cancelled } from '../core/errors.ts';
import { stateText as groupState } from '../core/groups.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName } from '../core/sandbox.ts';
import type { Topic } from '../core/topics.ts';
import { count } from './numbers.ts';
import { placeAt, placeOf, type Place } from './place.ts';
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
export async function choosable({ cluster }: Pick<Place, 'cluster'>): Promise<readonly Topic[]> {
  const broker = await cluster.broker();
  return (await broker.topics()).filter((topic) => !topic.internal);
}

/** The sandbox, or one of the connections that suit; not asked where there are none. */
export async function choosePlace(
  room: Room,
  suits: (profile: ConnectionProfile) => boolean = () => true,
): Promise<Place> {
  const connections = room.connections.list().filter(suits);
  if (connections.length === 0) return placeAt(room, undefined);
  const items = [
    { label: t('Sandbox'), value: '' },
    ...connections.map(({ id, name, bootstrap }) => ({
      label: name,
      description: bootstrap.join(', '),
      value: id,
    })),
  ];
  const id = await pick(items, t('In which Kafka?'));
  return placeAt(room, id === '' ? undefined : id);
}

/** What is given, in the place where it is. */
async function givenAt(room: Room, argument: unknown, kind: string): Promise<Place & { name?: string }> {
  const name = given(argument, kind);
  return name === undefined ? choosePlace(room) : { ...placeOf(room, argument), name };
}

export type Chosen = Place & { readonly name: string };

export async function chooseTopic(room: Room, argument: unknown): Promise<Chosen> {
  const { name, ...place } = await givenAt(room, argument, 'topic');
  return { ...place, name: name ?? (await chooseTopicOf(place)) };
}

export async function chooseTopicOf(place: Place): Promise<string> {
  const topics = await choosable(place);
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

export async function chooseGroup(room: Room, argument: unknown): Promise<Chosen> {
  const { name, ...place } = await givenAt(room, argument, 'group');
  return { ...place, name: name ?? (await chooseGroupOf(place)) };
}

async function chooseGroupOf({ cluster }: Place): Promise<string> {
  const groups = await (await cluster.topicAdmin()).groups();
  return pick(
    groups.map(({ groupId, state }) => ({
      label: groupId,
      description: groupState(state),
      value: groupId,
    })),
    t('Which consumer group?'),
  );
}

/** `workspace`: id of the one that the table is in; the sandbox's otherwise. */
export async function chooseTable(
  room: Room,
  argument: unknown,
): Promise<{ readonly name: string; readonly workspace?: string }> {
  const target = targetOf(argument);
  if (target?.kind === 'table') return target;
  if (typeof argument === 'string') return { name: argument };
  const tables = await listTables(await room.lakehouse().tables(), new AbortController().signal);
  const items = tables.map((table) => ({ label: formatTableName(table), value: formatTableName(table) }));
  return { name: await pick(items, t('Which table?')) };
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
