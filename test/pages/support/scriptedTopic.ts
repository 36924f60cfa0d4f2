/** A topic whose messages the test sends, read by the product's own engine, with a host as the editor gives it. */
import { findBytes } from '../../../src/adapters/findBytes.ts';
import { isUserError, UserError } from '../../../src/core/errors.ts';
import { hexDump } from '../../../src/core/records/hexDump.ts';
import { createTopicSession } from '../../../src/core/records/session.ts';
import type { Followed, FollowRequest, Message, RawMessage } from '../../../src/core/topics.ts';
import type { Handlers } from '../../../src/wire/rpc.ts';
import type { ConnectionBadge } from '../../../src/wire/page.ts';
import type { Chosen, ExplainedPart, ReadRequest, TopicCalls, TopicView } from '../../../src/wire/topic.ts';
import { Refused } from './scriptedHost.ts';

export const PARTITIONS = 3;
const BATCH = 500;

export interface Draft {
  readonly key?: string | null;
  /** An object is sent as JSON, a text as it is, null as a tombstone. */
  readonly value: Readonly<Record<string, unknown>> | string | null;
  readonly headers?: readonly (readonly [string, string | null])[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);

function rawOf({ key = null, value, headers = [], at }: Draft, serial: number): RawMessage {
  return {
    topic: 'orders',
    partition: serial % PARTITIONS,
    offset: String(Math.floor(serial / PARTITIONS)),
    timestampMs: at,
    key: key === null ? null : bytesOf(key),
    value: value === null ? null : bytesOf(typeof value === 'string' ? value : JSON.stringify(value)),
    headers: headers.map(([name, text]) => ({ name, value: text === null ? null : bytesOf(text) })),
  };
}

function decode(raw: RawMessage): Message {
  const { topic, partition, offset, timestampMs } = raw;
  const text = textOf(raw.value);
  const message = {
    topic,
    partition,
    offset,
    timestamp: new Date(timestampMs).toISOString(),
    key: textOf(raw.key),
    headers: raw.headers.map(({ name, value }) => ({ name, value: textOf(value) })),
    schemaId: text === null ? null : 7,
  };
  try {
    return { ...message, value: text === null ? null : (JSON.parse(text) as unknown) };
  } catch {
    return {
      ...message,
      schemaId: null,
      value: Buffer.from(text ?? '').toString('base64'),
      error: 'the body is not JSON',
    };
  }
}

function explained(bytes: number, { value, error }: Message): ExplainedPart {
  const price = (value as { readonly price?: string } | null)?.price;
  return {
    bytes,
    form: error === undefined ? 'AVRO' : 'bytes',
    value,
    logical:
      price === undefined
        ? []
        : [{ path: 'price', type: 'decimal(10,2)', readable: price, underlying: '0x04e2', unscaled: '1250' }],
    untold: 0,
    writer: {
      id: 7,
      type: 'AVRO',
      text: '{ "type": "record" }',
      versions: [{ subject: 'orders-value', version: 3 }],
    },
    reader: { subject: 'orders-value', version: 4, id: 9, text: '{ "type": "record", "doc": "newer" }' },
    unknownFields: 0,
    ...(error === undefined
      ? {}
      : { failure: { code: 'not-json', reason: error, next: 'Let the producer use the serializer.' } }),
  };
}

export interface ScriptedTopic {
  readonly handlers: Handlers<TopicCalls>;
  /** What was sent, the oldest first. */
  readonly sent: readonly RawMessage[];
  readonly reads: readonly ReadRequest[];
  readonly kept: readonly TopicView[];
  readonly links: readonly TopicView[];
  readonly copied: readonly string[];
  readonly commands: readonly string[];
  readonly exports: readonly TopicCalls['export']['params'][];
  /** What was asked to be done with messages, and with which: `replay 100005 100004`, by their keys. */
  readonly uses: readonly string[];
  send(...drafts: readonly Draft[]): void;
  /** While there is one, the broker answers with it. */
  refuse(error: UserError | undefined): void;
  /** Gives nothing beyond so many messages of a reading until it is told more. */
  allow(messages: number): void;
  /** What the page is told through. */
  tellBy(notify: () => void): void;
}

export function scriptedTopic(
  first: readonly Draft[],
  view: TopicView | null = null,
  connection: ConnectionBadge | null = null,
): ScriptedTopic {
  const sent: RawMessage[] = [];
  const reads: ReadRequest[] = [];
  const kept: TopicView[] = [];
  const links: TopicView[] = [];
  const copied: string[] = [];
  const commands: string[] = [];
  const exports: TopicCalls['export']['params'][] = [];
  const uses: string[] = [];
  let refusal: UserError | undefined;
  let allowed = Infinity;
  let notify: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const go of [...waiting]) go();
  };
  const somethingNew = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        waiting.delete(go);
        resolve();
      };
      waiting.add(go);
      signal.addEventListener('abort', go);
    });
  const send = (...drafts: readonly Draft[]): void => {
    for (const draft of drafts) sent.push(rawOf(draft, sent.length));
    wake();
  };
  send(...first);

  const startOf = ({ start }: FollowRequest): number => {
    switch (start.from) {
      case 'beginning':
        return 0;
      case 'end':
        return sent.length;
      case 'newest':
        return Math.max(0, sent.length - start.count);
      case 'offset':
        return Number(start.offset) * PARTITIONS;
      case 'time':
        return sent.filter(({ timestampMs }) => timestampMs < start.timestampMs).length;
      case 'cursors':
        return Number(start.offsets[0]);
    }
  };
  const endOf = ({ end }: FollowRequest): number => {
    switch (end.until) {
      case 'forever':
        return Infinity;
      case 'now':
        return sent.length;
      case 'offset':
        return Number(end.offset) * PARTITIONS;
      case 'time':
        return sent.filter(({ timestampMs }) => timestampMs < end.timestampMs).length;
    }
  };
  async function* follow(_: string, request: FollowRequest, signal: AbortSignal): AsyncGenerator<Followed> {
    const start = startOf(request);
    const end = endOf(request);
    const followed = (from: number, to: number): Followed => ({
      messages: sent.slice(from, to),
      cursors: { 0: String(to) },
      passed: to - start,
      left: Math.max(0, Math.min(end, sent.length) - to),
      lost: 0,
      leaderless: [],
    });
    let at = start;
    if (at >= sent.length) yield followed(at, at);
    while (at < end && !signal.aborted) {
      if (refusal) throw refusal;
      const to = Math.min(at + BATCH, end, sent.length, allowed);
      if (to > at) {
        yield followed(at, to);
        at = to;
      } else await somethingNew(signal);
    }
  }

  const session = createTopicSession({
    topic: 'orders',
    broker: { follow },
    decoder: { decode: (messages) => Promise.resolve(messages.map(decode)) },
    find: findBytes,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)),
    onChange: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        notify();
      }, 20);
    },
  });
  /** What a person can mend crosses with its code. */
  const refusing = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw isUserError(error) ? new Refused({ code: error.code, message: error.message }) : error;
    }
  };
  const done = <T>(work: (params: T) => unknown) => {
    return (params: T) => refusing(async () => (await work(params), null));
  };

  const use = (name: string) => async (chosen: Chosen) => {
    const keys: (string | null)[] = [];
    for await (const batch of session.shown(chosen).raws()) keys.push(...batch.map(({ key }) => textOf(key)));
    uses.push([name, ...keys].join(' '));
    return null;
  };

  return {
    sent,
    reads,
    kept,
    links,
    copied,
    commands,
    exports,
    uses,
    send,
    refuse: (error) => {
      refusal = error;
      wake();
    },
    allow: (messages) => {
      allowed = messages;
      wake();
    },
    tellBy: (by) => {
      notify = by;
    },
    handlers: {
      copy: done((text) => copied.push(text)),
      command: done(({ id }) => commands.push(id)),
      produce: done(() => commands.push('produce')),
      opened: () => ({ topic: 'orders', partitions: PARTITIONS, messages: sent.length, view, connection }),
      read: done((request) => {
        session.read(request);
        reads.push(request);
      }),
      pause: done(() => {
        session.pause();
      }),
      resume: done(() => {
        session.resume();
      }),
      state: () => session.state(),
      filter: done((filter) => {
        session.filter(filter);
      }),
      sort: (order, signal) => refusing(async () => (await session.sort(order ?? undefined, signal), null)),
      rows: (asked) => session.rows(asked),
      message: ({ record }) =>
        refusing(async () => {
          const found = await session.message(record);
          if (!found) throw new UserError('not-held', 'This message is no longer held.');
          const { raw, message } = found;
          const { value, ...rest } = message;
          return {
            ...rest,
            record,
            json: JSON.stringify(value, null, 2),
            size: raw.value?.length ?? null,
            bytes: raw.value ? hexDump(raw.value) : '',
            explained: raw.value && explained(raw.value.length, message),
          };
        }),
      histogram: ({ buckets }) => session.histogram(buckets) ?? null,
      keep: done((next) => kept.push(next)),
      copyLink: done((next) => links.push(next)),
      copyCommand: use('copyCommand'),
      asDocument: use('asDocument'),
      replay: use('replay'),
      export: (params) => {
        exports.push(params);
        return { path: '/tmp/orders.ndjson' };
      },
    },
  };
}
