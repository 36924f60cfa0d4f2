/** Verbs that send messages that a person wrote, or that were sent before: send, replay. */
import { Cancelled, UserError } from '../core/errors.ts';
import { createFillings } from '../core/filling.ts';
import { t } from '../core/l10n.ts';
import { filledDraft } from '../core/messageTemplate.ts';
import type { OutgoingDraft, PlacedDraft } from '../core/outgoing.ts';
import { parseReadStart } from '../core/readTopic.ts';
import { repeated } from '../core/repeated.ts';
import { draftReplay, rawReplay, startReplay, type Pace, type Replayed } from '../core/replay.ts';
import { sampleOf } from '../core/sampleOf.ts';
import { sendMessages } from '../core/sendMessages.ts';
import type { Header, ReadStart } from '../core/topics.ts';
import { base64, factor, gathering, header, option, rate, wholeNumber } from './options.ts';
import { rangesText, sentText } from './sendText.ts';
import type { Context, Verb } from './verb.ts';

interface SendFlags {
  readonly key?: string;
  readonly keyBase64?: Uint8Array;
  readonly value?: string;
  readonly valueBase64?: Uint8Array;
  readonly file?: string;
  readonly header?: readonly Header<string | Uint8Array>[];
  readonly partition?: number;
  readonly count?: number;
  readonly rate?: number;
  readonly sample?: boolean;
  readonly schema?: boolean;
}

const wrongUse = (message: string): UserError => new UserError('wrong-use', message);
const paceOf = (perSecond: number | undefined): Pace =>
  perSecond === undefined ? { by: 'speed' } : { by: 'rate', perSecond };

function mustName(topic: string | undefined): string {
  if (topic === undefined) throw wrongUse(t('Say which topic.'));
  return topic;
}

function mustGoTogether({
  value,
  valueBase64,
  file,
  key,
  keyBase64,
  header: own,
  partition,
  count,
}: SendFlags): void {
  const given = [value, valueBase64, file].filter((one) => one !== undefined);
  if (given.length !== 1) throw wrongUse(t('Say what to send: --value, --value-base64 or --file.'));
  if (file !== undefined && [key, keyBase64, own, partition, count].some((one) => one !== undefined)) {
    throw wrongUse(t('A file says itself what its messages have: only --rate goes with --file.'));
  }
}

/** The message of the flags, its placeholders not filled, and the bytes that no document holds. */
async function messageOf(
  { lakehouse }: Context,
  flags: SendFlags,
): Promise<{ readonly document: unknown; readonly bytes: Partial<OutgoingDraft> }> {
  const { key, keyBase64, value, valueBase64, header: headers, partition } = flags;
  const parsed = value === undefined ? undefined : (await lakehouse.messageFiles()).parseJson(value);
  return {
    document: {
      ...(key === undefined ? {} : { key }),
      value: parsed ? parsed.value : (value ?? null),
      ...(headers === undefined ? {} : { headers }),
      ...(partition === undefined ? {} : { partition }),
    },
    bytes: {
      ...(keyBase64 === undefined ? {} : { keyBytes: keyBase64 }),
      ...(valueBase64 === undefined ? {} : { valueBytes: valueBase64 }),
    },
  };
}

/** Streams; tells what was sent, also when something stopped it, then that. */
async function sendStream(
  { cluster, output, signal }: Context,
  source: AsyncIterable<readonly Replayed[]>,
  options: { readonly pace: Pace; readonly total?: number },
): Promise<void> {
  const { sent, ranges, failure } = await startReplay(
    await cluster.broker(),
    source,
    options,
    output.onEvent,
    signal,
  ).ended;
  await output.result({ sent, ranges }, () => rangesText(sent, ranges));
  if (failure) throw failure;
  if (signal.aborted) throw new Cancelled();
}

/** The drafts with what no document holds. */
async function* withBytes(
  batches: AsyncIterable<readonly PlacedDraft[]>,
  bytes: Partial<OutgoingDraft>,
): AsyncGenerator<readonly PlacedDraft[]> {
  for await (const batch of batches) {
    yield batch.map((one) => ({ ...one, draft: { ...one.draft, ...bytes } }));
  }
}

async function sendFile(context: Context, path: string, topic: string | undefined, perSecond?: number) {
  const { cluster, lakehouse, signal } = context;
  const [files, encoder] = await Promise.all([lakehouse.messageFiles(), cluster.messageEncoder()]);
  const options = { filling: createFillings(), ...(topic === undefined ? {} : { topic }) };
  const drafts = files.read(path, options, signal);
  await sendStream(context, draftReplay(encoder, drafts, signal), { pace: paceOf(perSecond) });
}

async function sendFlags(context: Context, topic: string, flags: SendFlags): Promise<void> {
  const { cluster, output, signal } = context;
  const { count = 1, rate: perSecond } = flags;
  const { document, bytes } = await messageOf(context, flags);
  const filling = createFillings();
  if (count === 1) {
    const draft = { ...filledDraft(document, filling(), topic), ...bytes };
    const sent = await sendMessages(cluster, [draft]);
    await output.result({ sent }, () => sent.map(sentText).join('\n'));
    return;
  }
  const encoder = await cluster.messageEncoder();
  const drafts = withBytes(repeated([document], count, filling, topic), bytes);
  await sendStream(context, draftReplay(encoder, drafts, signal), { pace: paceOf(perSecond), total: count });
}

async function printSample({ cluster, lakehouse, output }: Context, topic: string): Promise<void> {
  const [encoder, files] = await Promise.all([cluster.messageEncoder(), lakehouse.messageFiles()]);
  const { key, value } = await encoder.messageSchema(topic);
  const document = {
    topic,
    ...(key ? { key: sampleOf(key.schema) } : {}),
    value: value ? sampleOf(value.schema) : {},
  };
  await output.result(document, () => files.print(document));
}

async function printSchema({ cluster, output }: Context, topic: string): Promise<void> {
  const schema = await (await cluster.messageEncoder()).messageSchema(topic);
  await output.result(schema, () => JSON.stringify(schema, null, 2));
}

export const send: Verb = (program, run) => {
  program
    .command('send')
    .description(t('send messages that you wrote, checked against the schemas of their topic'))
    .argument('[topic]', t('not needed with --file, where each message may name its own'))
    .option('--key <key>', t('text, or JSON where the topic has a schema for keys'))
    .option('--value <json>', t('as read shows it; null deletes; what is no JSON is text'))
    .option('--file <path>', t('.orders, or .ndjson as the message viewer exports it; - is standard input'))
    .option(
      '--header <name=value>',
      t('may stand several times; {"name": …, "value": null} too'),
      gathering(header),
    )
    .option('--partition <n>', t('to this partition (without: by the key)'), wholeNumber)
    .option('--count <n>', t('so many times, placeholders filled anew each time'), wholeNumber)
    .option('--rate <n/s>', t('messages a second'), rate)
    .option('--key-base64 <bytes>', t('the key as it is'), base64)
    .option('--value-base64 <bytes>', t('the value as it is, with no schema asked'), base64)
    .option('--sample', t('print a message to begin with, and send nothing'))
    .option('--schema', t('print what the messages of the topic may be, and send nothing'))
    .action(
      run(async (context, topic: string | undefined, flags: SendFlags) => {
        if (flags.sample) return printSample(context, mustName(topic));
        if (flags.schema) return printSchema(context, mustName(topic));
        mustGoTogether(flags);
        if (flags.file !== undefined) return sendFile(context, flags.file, topic, flags.rate);
        return sendFlags(context, mustName(topic), flags);
      }),
    );
};

interface ReplayFlags {
  readonly to: string;
  readonly start: ReadStart;
  readonly rate?: number;
  readonly speed?: number;
  readonly keepPartitions?: boolean;
  readonly keepTimestamps?: boolean;
}

export const replay: Verb = (program, run) => {
  program
    .command('replay')
    .description(t('send the messages of a topic again, byte for byte, up to its present end'))
    .argument('<from>')
    .requiredOption('--to <topic>', t('where they go'))
    .option('--start <start>', t('beginning, end, offset:N or time:ISO'), option(parseReadStart), {
      from: 'beginning',
    })
    .option('--rate <n/s>', t('messages a second'), rate)
    .option(
      '--speed <x>',
      t('with the distances in time that they had: 1, or 10 for ten times as fast'),
      factor,
    )
    .option('--keep-partitions', t('to the partition of the same number (without: by the key)'))
    .option('--keep-timestamps', t('with the time that they had (without: the time of sending)'))
    .action(
      run(async (context, from: string, flags: ReplayFlags) => {
        const { to, start, rate: perSecond, speed, ...keep } = flags;
        if (perSecond !== undefined && speed !== undefined) {
          throw wrongUse(t('Only one of --rate and --speed.'));
        }
        const broker = await context.cluster.broker();
        const pace: Pace = speed === undefined ? paceOf(perSecond) : { by: 'times', factor: speed };
        const batches = broker.read(from, start, context.signal);
        await sendStream(context, rawReplay(batches, to, keep), { pace });
      }),
    );
};
