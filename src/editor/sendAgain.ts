/** Messages of a viewer, used once more: as commands, as a document to change, or sent again as they were, where to and how fast a person says. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { produceCommand } from '../core/produceCommand.ts';
import type { TopicView } from '../core/records/topicView.ts';
import { rawReplay, startReplay, type Pace, type ReplayEnd } from '../core/replay.ts';
import { hasByteHeaders, sentDraft } from '../core/sentDraft.ts';
import type { RawMessage } from '../core/topics.ts';
import { askOne, askText, mustAgree } from './ask.ts';
import { count } from './numbers.ts';
import { openAsDocument } from './openMessages.ts';
import { parseCount } from './produceForm.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { readSettings } from './settings.ts';
import type { TakenMessages } from './topicThread.ts';

/** Messages that are sent again without a question, and that become text at once. */
const ASK_ABOVE = 1000;
const MOST_COMMANDS = 100;
const MOST_DOCUMENTS = 1000;
const MOST_A_SECOND = 1_000_000;
const MOST_FACTOR = 1_000_000;

type Sending = Pick<Room, 'lakehouse' | 'log' | 'dataChanged'>;

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

export async function copyCommands(room: Pick<Room, 'lakehouse'>, taken: TakenMessages): Promise<void> {
  const raws = await allOf(taken, MOST_COMMANDS);
  const lakehouse = room.lakehouse();
  const messages = await (await lakehouse.decoder({ namedBranches: true })).decode(raws);
  // The terminal's own home needs no name.
  const home = readSettings().home === '' ? undefined : lakehouse.home;
  const commands = messages.map((message, at) => `${produceCommand(message, raws[at], home)}\n`);
  await vscode.env.clipboard.writeText(commands.join(''));
}

/** Throws UserError `too-many`, `not-decoded`. */
export async function openTemplate(room: Pick<Room, 'lakehouse'>, taken: TakenMessages): Promise<void> {
  const raws = await allOf(taken, MOST_DOCUMENTS);
  const messages = await (await room.lakehouse().decoder({ namedBranches: true })).decode(raws);
  const drafts = messages.flatMap((message, at) => {
    const raw = raws[at];
    return raw ? [sentDraft(message, raw)] : [];
  });
  await openAsDocument(room, drafts);
  if (drafts.some(hasByteHeaders)) {
    void vscode.window.showWarningMessage(t('Headers that are no text were left out.'));
  }
}

async function askTarget(room: Sending, topic: string): Promise<string> {
  const topics = await (await room.lakehouse().broker()).topics();
  const others = topics.filter(({ name, internal }) => !internal && name !== topic);
  return askOne(
    [
      { label: topic, description: t('where they are'), value: topic },
      ...others.map(({ name, messages }) => ({
        label: name,
        description: t('{0} messages', count(messages)),
        value: name,
      })),
    ],
    { title: t('Send again'), placeHolder: t('To which topic?') },
  );
}

const factorOf = (text: string): number | undefined => {
  const factor = Number(text.trim().replace(',', '.'));
  return factor > 0 && factor <= MOST_FACTOR ? factor : undefined;
};

async function askPace(many: number): Promise<Pace> {
  const title = t('Send again');
  const by = await askOne(
    [
      { label: t('As fast as it goes'), value: 'speed' },
      { label: t('At a rate…'), description: t('so many a second'), value: 'rate' },
      { label: t('As it was'), description: t('with the same time between them'), value: 'same' },
      { label: t('Faster or slower than it was…'), value: 'times' },
    ] as const,
    { title, placeHolder: t('{0} messages, the oldest first. How fast?', count(many)) },
  );
  switch (by) {
    case 'speed':
      return { by };
    case 'same':
      return { by: 'times', factor: 1 };
    case 'rate': {
      const wrong = t('A whole number from 1 to {0}', count(MOST_A_SECOND));
      const text = await askText({
        title,
        prompt: t('How many messages a second?'),
        validateInput: (input) => (parseCount(input, MOST_A_SECOND) === undefined ? wrong : undefined),
      });
      return { by, perSecond: parseCount(text, MOST_A_SECOND) ?? 1 };
    }
    case 'times': {
      const text = await askText({
        title,
        prompt: t('How many times as fast? 10 is ten times as fast, 0.5 half as fast.'),
        value: '10',
        validateInput: (input) => (factorOf(input) === undefined ? t('A number above 0') : undefined),
      });
      return { by, factor: factorOf(text) ?? 1 };
    }
  }
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
  topic: string,
  taken: TakenMessages,
  show: (topic: string, view: TopicView) => void,
): Promise<void> {
  mustBeTrusted();
  const { count: total, messages } = taken;
  const target = await askTarget(room, topic);
  const pace: Pace = total > 1 ? await askPace(total) : { by: 'speed' };
  if (total > ASK_ABOVE) {
    await mustAgree(t('Send {0} messages to {1}?', count(total), target), t('Send'), [
      t('They stay there: a message that was sent is taken back by nobody.'),
    ]);
  }
  const broker = await room.lakehouse().broker();
  const began = Date.now();
  const { sent, ranges, failure, stopped } = await withProgress(
    t('Sending to {0}', target),
    room.log,
    async (onEvent, signal) => {
      const source = rawReplay(messages, target);
      const end = await startReplay(broker, source, { pace, total }, onEvent, signal).ended;
      return { ...end, stopped: signal.aborted };
    },
  );
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
