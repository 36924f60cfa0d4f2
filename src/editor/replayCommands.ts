/** Sending messages again: those of a topic, byte for byte, and those of a file. */
import * as vscode from 'vscode';
import { Cancelled } from '../core/errors.ts';
import { createFillings } from '../core/filling.ts';
import { t } from '../core/l10n.ts';
import { areMore } from '../core/manyMessages.ts';
import { draftReplay, rawReplay, startReplay, type Pace, type Replayed } from '../core/replay.ts';
import { askOne } from './ask.ts';
import { askPace } from './askPace.ts';
import { mustAgreeToSend, mustAgreeToSendMany } from './agreeToSend.ts';
import { choosable, choosePlace, chooseTopic } from './choose.ts';
import { count } from './numbers.ts';
import type { Panels } from './panel.ts';
import type { Place } from './place.ts';
import { named } from './placeName.ts';
import { untilStopped } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { createSentNotice } from './sentNotice.ts';

async function send(
  room: Room,
  panels: Panels,
  place: Place,
  pace: Pace,
  source: (signal: AbortSignal) => AsyncIterable<readonly Replayed[]>,
): Promise<void> {
  const broker = await place.cluster.broker();
  const { end, stopped } = await untilStopped(
    named(t('Sending messages'), place),
    room.log,
    (onEvent, signal) => {
      return startReplay(broker, source(signal), { pace }, onEvent, signal).ended;
    },
  );
  createSentNotice(room, panels).tellEnd(end, stopped, place);
}

/** All that a topic has now, into another one or itself. */
export async function replayTopic(room: Room, panels: Panels, argument: unknown): Promise<void> {
  mustBeTrusted();
  const { name: from, ...place } = await chooseTopic(room, argument);
  const broker = await place.cluster.broker();
  const topics = await choosable(place);
  const title = t('Replay {0}', named(from, place));
  const to = await askOne(
    topics.map(({ name, messages }) => ({
      label: name,
      description: name === from ? t('the same topic') : t('{0} messages', count(messages)),
      value: name,
    })),
    { title, placeHolder: t('Into which topic?') },
  );
  const pace = await askPace(title, t('How fast?'));
  await mustAgreeToSend(topics.find(({ name }) => name === from)?.messages ?? 0, to, place);
  await send(room, panels, place, pace, (signal) =>
    rawReplay(broker.read(from, { from: 'beginning' }, signal), to),
  );
}

/** NDJSON as the message viewer exports it, or a document of messages; line by line, however large it is. */
export async function replayFile(room: Room, panels: Panels, argument: unknown): Promise<void> {
  mustBeTrusted();
  const [chosen] =
    argument instanceof vscode.Uri
      ? [argument]
      : ((await vscode.window.showOpenDialog({
          title: t('Send the messages of a file'),
          openLabel: t('Send'),
          filters: { [t('Messages')]: ['ndjson', 'jsonl', 'orders'] },
        })) ?? []);
  if (!chosen) throw new Cancelled();
  const own = { label: t('The topics that the messages name'), value: undefined };
  const place = await choosePlace(room);
  const title = named(t('Send the messages of a file'), place);
  const topics = await choosable(place);
  const others = topics.map(({ name }) => ({ label: name, value: name }));
  const topic = await askOne<string | undefined>([own, ...others], {
    title,
    placeHolder: t('Into which topic?'),
  });
  const pace = await askPace(title, t('How fast?'));
  const [files, encoder] = await Promise.all([
    room.lakehouse().messageFiles(),
    place.cluster.messageEncoder(),
  ]);
  const options = () => ({ filling: createFillings(), ...(topic === undefined ? {} : { topic }) });
  if (await areMore(files.read(chosen.fsPath, options(), new AbortController().signal))) {
    await mustAgreeToSendMany(topic ?? t('the topics that they name'), place);
  }
  await send(room, panels, place, pace, (signal) =>
    draftReplay(encoder, files.read(chosen.fsPath, options(), signal), signal),
  );
}
