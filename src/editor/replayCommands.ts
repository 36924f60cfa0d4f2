/** Sending messages again: those of a topic, byte for byte, and those of a file. */
import * as vscode from 'vscode';
import { Cancelled } from '../core/errors.ts';
import { createFillings } from '../core/filling.ts';
import { t } from '../core/l10n.ts';
import { draftReplay, rawReplay, startReplay, type Pace, type Replayed } from '../core/replay.ts';
import { askOne, askText } from './ask.ts';
import { chooseTopic } from './choose.ts';
import { count } from './numbers.ts';
import type { Panels } from './panel.ts';
import { parseCount } from './produceForm.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { createSentNotice } from './sentNotice.ts';

const MOST_RATE = 1_000_000;

async function askPace(title: string): Promise<Pace> {
  const by = await askOne(
    [
      { label: t('As fast as it goes'), value: 'speed' as const },
      { label: t('With the distances in time that they had'), value: 'times' as const },
      { label: t('At a rate…'), value: 'rate' as const },
    ],
    { title, placeHolder: t('How fast?') },
  );
  if (by === 'speed') return { by };
  if (by === 'rate') {
    const text = await askText({
      title,
      prompt: t('How many a second?'),
      value: '100',
      validateInput: (input) =>
        parseCount(input, MOST_RATE) === undefined
          ? t('A whole number from 1 to {0}', count(MOST_RATE))
          : undefined,
    });
    return { by, perSecond: parseCount(text, MOST_RATE) ?? 1 };
  }
  const text = await askText({
    title,
    prompt: t('How many times as fast? 1 is as it was.'),
    value: '1',
    validateInput: (input) => (Number(input) > 0 ? undefined : t('A number above 0')),
  });
  return { by, factor: Number(text) };
}

async function send(
  room: Room,
  panels: Panels,
  pace: Pace,
  source: (signal: AbortSignal) => AsyncIterable<readonly Replayed[]>,
): Promise<void> {
  const broker = await room.lakehouse().broker();
  let cancelled = false;
  const end = await withProgress(t('Sending messages'), room.log, (onEvent, signal) => {
    signal.addEventListener('abort', () => {
      cancelled = true;
    });
    return startReplay(broker, source(signal), { pace }, onEvent, signal).ended;
  });
  createSentNotice(room, panels).tellEnd(end, cancelled);
}

/** All that a topic has now, into another one or itself. */
export async function replayTopic(room: Room, panels: Panels, argument: unknown): Promise<void> {
  mustBeTrusted();
  const from = await chooseTopic(room, argument);
  const broker = await room.lakehouse().broker();
  const topics = (await broker.topics()).filter(({ internal }) => !internal);
  const title = t('Replay {0}', from);
  const to = await askOne(
    topics.map(({ name, messages }) => ({
      label: name,
      description: name === from ? t('the same topic') : t('{0} messages', count(messages)),
      value: name,
    })),
    { title, placeHolder: t('Into which topic?') },
  );
  const pace = await askPace(title);
  await send(room, panels, pace, (signal) => rawReplay(broker.read(from, { from: 'beginning' }, signal), to));
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
  const title = t('Send the messages of a file');
  const own = { label: t('The topics that the messages name'), value: undefined };
  const topics = (await (await room.lakehouse().broker()).topics()).filter(({ internal }) => !internal);
  const others = topics.map(({ name }) => ({ label: name, value: name }));
  const topic = await askOne<string | undefined>([own, ...others], {
    title,
    placeHolder: t('Into which topic?'),
  });
  const pace = await askPace(title);
  const lakehouse = room.lakehouse();
  const [files, encoder] = await Promise.all([lakehouse.messageFiles(), lakehouse.messageEncoder()]);
  const options = { filling: createFillings(), ...(topic === undefined ? {} : { topic }) };
  await send(room, panels, pace, (signal) =>
    draftReplay(encoder, files.read(chosen.fsPath, options, signal), signal),
  );
}
