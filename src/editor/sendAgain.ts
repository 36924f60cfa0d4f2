/** Messages of a viewer, used once more: as commands, as a document to change, or sent again as they were, where to and how fast a person says. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { produceCommand, type CommandPlace } from '../core/produceCommand.ts';
import type { TopicView } from '../core/records/topicView.ts';
import { rawReplay, startReplay, type Pace, type ReplayEnd } from '../core/replay.ts';
import { hasByteHeaders, sentDraft } from '../core/sentDraft.ts';
import type { RawMessage } from '../core/topics.ts';
import { mustAgreeToSend } from './agreeToSend.ts';
import { askOne } from './ask.ts';
import { askPace } from './askPace.ts';
import { choosable } from './choose.ts';
import { count } from './numbers.ts';
import type { Place } from './place.ts';
import { named } from './placeName.ts';
import { openAsDocument } from './openMessages.ts';
import { untilStopped } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { readSettings } from './settings.ts';
import type { TakenMessages } from './topicThread.ts';

/** Messages that become text at once. */
const MOST_COMMANDS = 100;
/** As the file is called where connections come from. */
const CLIENT_PROPERTIES = 'client.properties';
const MOST_DOCUMENTS = 1000;
const ENCODED_AGAIN = { namedBranches: true, exactNumbers: true } as const;

type Sending = Pick<Room, 'log' | 'dataChanged'>;

/** Throws UserError `too-many`. */
export async function allOf(
  { count: many, messages }: TakenMessages,
  most: number,
): Promise<readonly RawMessage[]> {
  if (many > most) {
    throw new UserError(
      'too-many',
      t('These are {0} messages: choose at most {1}.', count(many), count(most)),
    );
  }
  const all: RawMessage[] = [];
  for await (const batch of messages) all.push(...batch);
  return all;
}

export async function copyCommands(
  room: Pick<Room, 'lakehouse'>,
  { cluster, connection }: Place,
  taken: TakenMessages,
): Promise<void> {
  const raws = await allOf(taken, MOST_COMMANDS);
  const messages = await (await cluster.decoder(ENCODED_AGAIN)).decode(raws);
  // The terminal's own home needs no name; how a connection is reached a file must say there.
  const files = await room.lakehouse().messageFiles();
  const where: CommandPlace = {
    json: (document) => files.printLine(document),
    ...(connection !== undefined
      ? { connection: CLIENT_PROPERTIES }
      : readSettings().home === ''
        ? {}
        : { home: room.lakehouse().home }),
  };
  const commands = messages.map((message, at) => `${produceCommand(message, raws[at], where)}\n`);
  await vscode.env.clipboard.writeText(commands.join(''));
}

/** Throws UserError `too-many`, `not-decoded`. */
export async function openTemplate(
  room: Pick<Room, 'lakehouse' | 'documentPlaces'>,
  { cluster, connection }: Place,
  taken: TakenMessages,
): Promise<void> {
  const raws = await allOf(taken, MOST_DOCUMENTS);
  const messages = await (await cluster.decoder(ENCODED_AGAIN)).decode(raws);
  const drafts = messages.flatMap((message, at) => {
    const raw = raws[at];
    return raw ? [sentDraft(message, raw)] : [];
  });
  await room.documentPlaces.set(await openAsDocument(room, drafts), connection);
  if (drafts.some(hasByteHeaders)) {
    void vscode.window.showWarningMessage(t('Headers that are no text were left out.'));
  }
}

async function askTarget(place: Place, topic: string): Promise<string> {
  const others = (await choosable(place)).filter(({ name }) => name !== topic);
  return askOne(
    [
      { label: topic, description: t('where they are'), value: topic },
      ...others.map(({ name, messages }) => ({
        label: name,
        description: t('{0} messages', count(messages)),
        value: name,
      })),
    ],
    { title: named(t('Send again'), place), placeHolder: t('To which topic?') },
  );
}

/** The messages that were sent, and nothing else where they went to one partition. */
function viewOf(ranges: ReplayEnd['ranges'], beganMs: number): TopicView {
  const shown = { order: null, fields: [], widths: {} };
  const [only, ...others] = ranges;
  if (only && others.length === 0) {
    return {
      ...shown,
      start: { from: 'offset', offset: only.first },
      end: { until: 'offset', offset: String(BigInt(only.last) + 1n) },
      filter: { partitions: [only.partition] },
    };
  }
  return { ...shown, start: { from: 'time', timestampMs: beganMs }, end: { until: 'forever' }, filter: {} };
}

/** Sends them, the oldest first. Tells what was sent, also until a failure, which is thrown. Throws Cancelled. */
export async function sendAgain(
  room: Sending,
  place: Place,
  topic: string,
  taken: TakenMessages,
  show: (topic: string, view: TopicView) => void,
): Promise<void> {
  mustBeTrusted();
  const { count: total, messages } = taken;
  const target = await askTarget(place, topic);
  const pace: Pace =
    total > 1
      ? await askPace(
          named(t('Send again'), place),
          t('{0} messages, the oldest first. How fast?', count(total)),
        )
      : { by: 'speed' };
  await mustAgreeToSend(total, target, place);
  const broker = await place.cluster.broker();
  const began = Date.now();
  const { end, stopped } = await untilStopped(
    t('Sending to {0}', named(target, place)),
    room.log,
    (onEvent, signal) =>
      startReplay(broker, rawReplay(messages, target), { pace, total }, onEvent, signal).ended,
  );
  const { sent, ranges, failure } = end;
  room.dataChanged();
  if (sent === 0 && stopped) throw new Cancelled();
  const told =
    sent === 1 ? t('1 message sent to {0}.', target) : t('{0} messages sent to {1}.', count(sent), target);
  const showThem = t('Show in the topic');
  void vscode.window
    .showInformationMessage(stopped ? `${t('Stopped.')} ${told}` : told, ...(sent > 0 ? [showThem] : []))
    .then((chosen) => {
      if (chosen === showThem) show(target, viewOf(ranges, began));
    });
  if (failure) throw failure;
}
