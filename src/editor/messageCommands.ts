/** Sending the messages of a document: one, all, many, and files as they are. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { createFillings } from '../core/filling.ts';
import { t } from '../core/l10n.ts';
import type { MessageDocument } from '../core/messageDocument.ts';
import { filledDraft } from '../core/messageTemplate.ts';
import {
  BadMessage,
  findingsAt,
  isBadMessage,
  type DraftFinding,
  type OutgoingDraft,
} from '../core/outgoing.ts';
import type { Filling } from '../core/placeholders.ts';
import { repeated } from '../core/repeated.ts';
import { draftReplay, startReplay } from '../core/replay.ts';
import { encodeAll, sendMessages } from '../core/sendMessages.ts';
import { mustAgreeToSend } from './agreeToSend.ts';
import { askText } from './ask.ts';
import { choosePlace, chooseTopic } from './choose.ts';
import type { Disposable } from './disposable.ts';
import { provideMessageLenses } from './messageLenses.ts';
import { createMessageMarks } from './messageMarks.ts';
import { count } from './numbers.ts';
import { openSample } from './openMessages.ts';
import type { Panels } from './panel.ts';
import type { Place } from './place.ts';
import { named } from './placeName.ts';
import { parseCount } from './produceForm.ts';
import { untilStopped } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { createSentNotice } from './sentNotice.ts';

export interface MessageCommands extends Disposable {
  /** Opens a document with a sample of the topic's messages. */
  create(argument: unknown): Promise<void>;
  /** `index` of one message; all of the document without it. */
  send(uri: unknown, index: unknown): Promise<void>;
  sendMany(uri: unknown, index: unknown): Promise<void>;
  /** Which Kafka the messages of a document go to. */
  choosePlace(uri: unknown): Promise<void>;
  /** A JSON file as the value of one message. */
  sendFile(uri: unknown): Promise<void>;
}

/** With the document's version that it is of. */
interface Parsed extends MessageDocument {
  readonly version: number;
}

const MOST = 100_000_000;
const MOST_RATE = 1_000_000;

async function documentAt(argument: unknown): Promise<vscode.TextDocument> {
  if (argument instanceof vscode.Uri) return vscode.workspace.openTextDocument(argument);
  const document = vscode.window.activeTextEditor?.document;
  if (document) return document;
  throw new UserError('no-file', t('Open a file with messages first.'));
}

async function askHowMany(place: Place): Promise<{ readonly many: number; readonly perSecond?: number }> {
  const number = (most: number, empty: boolean) => (input: string) =>
    (empty && input.trim() === '') || parseCount(input, most) !== undefined
      ? undefined
      : t('A whole number from 1 to {0}', count(most));
  const many = await askText({
    title: named(t('Send many (1/2)'), place),
    prompt: t('How many messages? Placeholders are filled anew for each.'),
    value: '100',
    validateInput: number(MOST, false),
  });
  const rate = await askText({
    title: named(t('Send many (2/2)'), place),
    prompt: t('How many a second? Empty: as fast as it goes.'),
    validateInput: number(MOST_RATE, true),
  });
  const perSecond = rate === '' ? undefined : parseCount(rate, MOST_RATE);
  return { many: parseCount(many, MOST) ?? 1, ...(perSecond === undefined ? {} : { perSecond }) };
}

export function createMessageCommands(room: Room, panels: Panels): MessageCommands {
  const notice = createSentNotice(room, panels);
  const places = room.documentPlaces;
  const marks = createMessageMarks(room, places);
  const lenses = provideMessageLenses(() => room.lakehouse().messageFiles(), places);
  /** `${seq}` counts on while a document is open. */
  const fillings = new Map<string, () => Filling>();
  const fillingOf = ({ uri }: vscode.TextDocument): (() => Filling) => {
    const key = uri.toString();
    const known = fillings.get(key) ?? createFillings();
    fillings.set(key, known);
    return known;
  };
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    fillings.delete(uri.toString());
  });

  const parse = async (document: vscode.TextDocument): Promise<Parsed> => {
    const { version } = document;
    const parsed = (await room.lakehouse().messageFiles()).parse(document.getText());
    const [problem] = parsed.problems;
    if (!problem && parsed.messages.length > 0) return { ...parsed, version };
    const line = document.positionAt(problem?.start ?? 0).line + 1;
    const reason = problem?.reason ?? t('there is no message');
    throw new UserError('bad-document', `${t('line {0}', line)}: ${reason}`);
  };
  /** The message that is asked for, or all, with their indexes. */
  const chosen = ({ messages }: MessageDocument, index: unknown): readonly (readonly [number, unknown])[] =>
    [...messages.entries()]
      .filter(([one]) => typeof index !== 'number' || one === index)
      .map(([one, { document }]) => [one, document]);

  /** Marks what is wrong in the document, then throws it. */
  const marking = async <T>(
    document: vscode.TextDocument,
    parsed: Parsed,
    indexes: readonly number[],
    work: () => Promise<T>,
  ): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isBadMessage(error)) {
        const found = new Map<number, DraftFinding[]>();
        for (const finding of error.findings) {
          const [first, ...rest] = finding.path;
          const isOf = indexes.length > 1 && typeof first === 'number';
          const index = indexes[isOf ? first : 0] ?? 0;
          const own = isOf ? { ...finding, path: rest } : finding;
          found.set(index, [...(found.get(index) ?? []), own]);
        }
        // Of a text that is another one now, the places are elsewhere.
        if (document.version === parsed.version) marks.set(document, parsed, found);
      }
      throw error;
    }
  };
  const drafts = (
    messages: readonly (readonly [number, unknown])[],
    filling: () => Filling,
  ): OutgoingDraft[] => {
    const findings: DraftFinding[] = [];
    const made = messages.flatMap(([, document], place) => {
      try {
        return [filledDraft(document, filling())];
      } catch (error) {
        if (!isBadMessage(error)) throw error;
        findings.push(...findingsAt(error.findings, messages.length > 1 ? place : undefined));
        return [];
      }
    });
    if (findings.length > 0) throw new BadMessage(findings);
    return made;
  };

  /** What a command of a document is about. */
  const asked = async (uri: unknown, index: unknown) => {
    mustBeTrusted();
    const document = await documentAt(uri);
    const place = places.of(document.uri);
    const parsed = await parse(document);
    const messages = chosen(parsed, index);
    return { document, place, parsed, messages, indexes: messages.map(([one]) => one) };
  };

  return {
    create: async (argument) => {
      const { cluster, connection, name } = await chooseTopic(room, argument);
      await places.set(await openSample(room, cluster, name), connection);
    },
    send: async (uri, index) => {
      const { document, place, parsed, messages, indexes } = await asked(uri, index);
      const sent = await marking(document, parsed, indexes, async () =>
        sendMessages(place.cluster, drafts(messages, fillingOf(document))),
      );
      notice.tell(sent, place);
    },
    sendMany: async (uri, index) => {
      const { document, place, parsed, messages, indexes } = await asked(uri, index);
      // Before the questions: what is wrong makes them useless.
      const encoder = await place.cluster.messageEncoder();
      const trial = await marking(document, parsed, indexes, async () => {
        const made = drafts(messages, createFillings());
        await encodeAll(encoder, made);
        return made;
      });
      const { many, perSecond } = await askHowMany(place);
      const topics = [...new Set(trial.map(({ topic }) => topic))];
      await mustAgreeToSend(many, topics.join(', '), place);
      const broker = await place.cluster.broker();
      const { end, stopped } = await untilStopped(
        named(t('Sending messages'), place),
        room.log,
        (onEvent, signal) => {
          const documents = messages.map(([, one]) => one);
          const source = draftReplay(encoder, repeated(documents, many, fillingOf(document)), signal);
          const pace =
            perSecond === undefined ? ({ by: 'speed' } as const) : ({ by: 'rate', perSecond } as const);
          return startReplay(broker, source, { pace, total: many }, onEvent, signal).ended;
        },
      );
      await marking(document, parsed, indexes, () => {
        notice.tellEnd(end, stopped, place);
        return Promise.resolve();
      });
    },
    choosePlace: async (uri) => {
      const document = await documentAt(uri);
      await places.set(document.uri, (await choosePlace(room)).connection);
    },
    sendFile: async (argument) => {
      mustBeTrusted();
      const document = await documentAt(argument);
      const files = await room.lakehouse().messageFiles();
      const parsed = files.parse(document.getText());
      const value = files.parseJson(document.getText());
      if (!value || parsed.problems.length > 0) {
        throw new UserError('bad-document', t('{0} is no JSON.', document.fileName));
      }
      const { name: topic, ...place } = await chooseTopic(room, undefined);
      const key = await vscode.window.showInputBox({
        title: t('Send to {0}', named(topic, place)),
        prompt: t('Key of the message. Empty: none.'),
        ignoreFocusOut: true,
      });
      if (key === undefined) throw new Cancelled();
      notice.tell(
        await sendMessages(place.cluster, [{ topic, value: value.value, ...(key === '' ? {} : { key }) }]),
        place,
      );
    },
    dispose: () => {
      for (const part of [marks, lenses, closing]) part.dispose();
    },
  };
}
