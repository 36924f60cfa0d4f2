/** Reads files of messages: `.orders`, and NDJSON line by line, in memory that does not grow with the file. */
import { open } from 'node:fs/promises';
import { messageOf, throwIfCancelled, UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { draftOf, exportedDraft, filledDraft, isExported } from '../../core/messageTemplate.ts';
import { BadMessage, isBadMessage, type PlacedDraft } from '../../core/outgoing.ts';
import type { MessageFileOptions } from '../../core/ports.ts';
import { parseExact } from '../encode/jsonText.ts';
import { asFileError } from '../fileErrors.ts';
import { textOf } from '../reading.ts';
import { parseMessages } from './parseMessages.ts';

const BATCH = 500;
const LARGEST_LINE = 64 * 1024 * 1024;

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

function draftOfLine(text: string, place: string, options: MessageFileOptions): PlacedDraft {
  let document: unknown;
  try {
    document = parseExact(text);
  } catch (error) {
    throw new UserError('bad-line', `${place}: ${t('this is no JSON: {0}', messageOf(error))}`, {
      cause: error,
    });
  }
  try {
    const { timestamp } = (document ?? {}) as { readonly timestamp?: unknown };
    const atMs = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    const draft = isExported(document)
      ? exportedDraft(document, bytesOf, options)
      : {
          ...draftOf(document, options.topic),
          ...(options.topic === undefined ? {} : { topic: options.topic }),
        };
    return { draft, place, ...(Number.isNaN(atMs) ? {} : { atMs }) };
  } catch (error) {
    throw isBadMessage(error) ? new BadMessage(error.findings, place) : error;
  }
}

const LINE_FEED = 10;

/** Lines of bytes that come in chunks, each without its end. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const part = chunk.subarray(start, end);
      yield rest.length === 0 ? part : Buffer.concat([...rest, part]);
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > LARGEST_LINE) {
      throw new UserError('bad-line', t('A line is longer than {0} bytes.', LARGEST_LINE));
    }
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}

/** Empty lines are passed over; the drafts before a line that is wrong come before its error. */
async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  options: MessageFileOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly PlacedDraft[]> {
  let batch: PlacedDraft[] = [];
  let number = 0;
  try {
    for await (const line of linesOf(chunks)) {
      number += 1;
      throwIfCancelled(signal);
      const text = textOf(line);
      if (text === undefined) {
        throw new UserError('wrong-encoding', t('line {0} is not UTF-8 text', number));
      }
      if (text.trim() === '') continue;
      batch.push(draftOfLine(text, t('line {0}', number), options));
      if (batch.length < BATCH) continue;
      const full = batch;
      batch = [];
      yield full;
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  yield batch;
}

async function* readDocument(
  text: string,
  { topic, filling }: MessageFileOptions,
): AsyncGenerator<readonly PlacedDraft[]> {
  const { messages, problems, list } = parseMessages(text);
  const [problem] = problems;
  if (problem) {
    const line = text.slice(0, problem.start).split('\n').length;
    throw new UserError('bad-line', `${t('line {0}', line)}: ${problem.reason}`);
  }
  for (const [index, message] of messages.entries()) {
    const place = list ? `[${index}]` : t('line {0}', text.slice(0, message.start).split('\n').length);
    try {
      const draft = filledDraft(message.document, filling(), topic);
      // One at a time: placeholders are filled when it is their turn.
      yield [
        {
          draft: { ...draft, ...(topic === undefined ? {} : { topic }) },
          place,
          ...timeOf(draft.timestampMs),
        },
      ];
    } catch (error) {
      throw isBadMessage(error) ? new BadMessage(error.findings, place) : error;
    }
    await Promise.resolve();
  }
}
const timeOf = (atMs: number | undefined): { atMs?: number } => (atMs === undefined ? {} : { atMs });

async function* read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk;
}

/** Throws UserError `no-such-file`, `no-permission`, `bad-line` and `bad-message` with the line, `wrong-encoding`. */
export async function* readMessageFile(
  path: string,
  options: MessageFileOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly PlacedDraft[]> {
  if (path === '-') {
    yield* readLines(read(process.stdin as AsyncIterable<Buffer>), options, signal);
    return;
  }
  let file;
  try {
    file = await open(path);
  } catch (error) {
    throw asFileError(error, path);
  }
  try {
    if (/\.(ndjson|jsonl)$/i.test(path)) {
      yield* readLines(file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>, options, signal);
    } else {
      let text: string;
      try {
        text = await file.readFile('utf8');
      } catch (error) {
        throw asFileError(error, path);
      }
      yield* readDocument(text, options);
    }
  } finally {
    await file.close();
  }
}
