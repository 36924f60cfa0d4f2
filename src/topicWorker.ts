/** The thread behind one message viewer: it reads, holds and searches messages, so that the editor never waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { findBytes } from './adapters/findBytes.ts';
import { loadLanguage } from './adapters/language.ts';
import { createMessageDecoder } from './adapters/messageDecoder.ts';
import { NO_REGISTRY } from './adapters/noRegistry.ts';
import { createSchemaRegistry } from './adapters/schemaRegistry.ts';
import { writeMessages } from './adapters/writeMessages.ts';
import { failureOf, isCancelled, UserError } from './core/errors.ts';
import { hexDump } from './core/records/hexDump.ts';
import { createTopicSession } from './core/records/session.ts';
import { t } from './core/l10n.ts';
import type { Broker, TopicThreadData } from './core/ports.ts';
import type { RawMessage } from './core/topics.ts';
import { createPeer } from './wire/rpc.ts';
import type { MessageDetail, ThreadCalls, ThreadNotices } from './wire/topic.ts';

/** Milliseconds between two notices. */
const NOTICE = 60;
/** Bytes of a value that are shown as bytes. */
const DUMP = 4096;

const { topic, access, locale } = workerData as TopicThreadData;
loadLanguage(locale);

const registry = access.registry ? createSchemaRegistry(access.registry, access.connection) : NO_REGISTRY;
let decoder = createMessageDecoder(registry);
const connect = async (): Promise<Broker> =>
  (await import('./adapters/kafkaClients.ts')).createBroker(access);
let broker: Promise<Broker> | undefined;
const session = createTopicSession({
  topic,
  broker: {
    follow: async function* (...args) {
      const mine = (broker ??= connect());
      try {
        yield* (await mine).follow(...args);
      } catch (error) {
        // The next try begins with a new connection; a reading that was given up leaves it to the one after it.
        if (!isCancelled(error) && broker === mine) {
          broker = undefined;
          void mine.then((one) => one.close()).catch(() => undefined);
        }
        throw error;
      }
    },
  },
  decoder: { decode: (messages) => decoder.decode(messages) },
  // A topic that was restored may have other schemas by the same ids.
  onBegin: () => {
    decoder = createMessageDecoder(registry);
  },
  find: findBytes,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      signal.addEventListener('abort', over);
    }),
  onChange: tellSoon,
});

let timer: NodeJS.Timeout | undefined;
function tellSoon(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    peer.notify('changed', null);
  }, NOTICE);
}

async function detailOf(record: number): Promise<MessageDetail> {
  const found = await session.message(record);
  if (!found) {
    throw new UserError('not-held', t('This message is no longer held: newer ones took its place.'));
  }
  const { raw, message } = found;
  const { partition, offset, timestamp, key, value, headers, schemaId, error } = message;
  return {
    record,
    partition,
    offset,
    timestamp,
    key,
    headers,
    schemaId,
    json: JSON.stringify(value, null, 2),
    size: raw.value?.length ?? null,
    explained: (await decoder.explain(raw)).value,
    bytes: raw.value ? hexDump(raw.value.subarray(0, DUMP)) : '',
    ...(error === undefined ? {} : { error }),
  };
}

const taken = new Map<number, AsyncGenerator<readonly RawMessage[]>>();
let lastTaken = 0;
const copyOf = (bytes: Uint8Array | null): Uint8Array | null => bytes && bytes.slice();
/** A view would take the whole of its slab with it. */
const ofItsOwn = (raw: RawMessage): RawMessage => ({
  ...raw,
  key: copyOf(raw.key),
  value: copyOf(raw.value),
  headers: raw.headers.map(({ name, value }) => ({ name, value: copyOf(value) })),
});

const port = parentPort;
if (!port) throw new Error('this is a thread');
const peer = createPeer<
  ThreadCalls,
  Readonly<Record<string, never>>,
  Readonly<Record<string, never>>,
  ThreadNotices
>({
  port: {
    post: (packet) => {
      port.postMessage(packet);
    },
    onPacket: (listener) => port.on('message', listener),
  },
  handlers: {
    read: (request) => {
      session.read(request);
      return null;
    },
    pause: () => {
      session.pause();
      return null;
    },
    resume: () => {
      session.resume();
      return null;
    },
    state: () => session.state(),
    filter: (filter) => {
      session.filter(filter);
      return null;
    },
    sort: async (order, signal) => {
      await session.sort(order ?? undefined, signal);
      return null;
    },
    rows: (asked) => session.rows(asked),
    message: ({ record }) => detailOf(record),
    histogram: ({ buckets }) => session.histogram(buckets) ?? null,
    take: async (chosen) => {
      const shown = await session.oldestFirst(chosen);
      taken.set(++lastTaken, shown.raws());
      return { id: lastTaken, count: shown.count };
    },
    next: async ({ id }) => {
      const batch = await taken.get(id)?.next();
      return !batch || batch.done === true ? null : batch.value.map(ofItsOwn);
    },
    drop: ({ id }) => {
      taken.delete(id);
      return null;
    },
    write: async (asked, signal) => ({
      written: await writeMessages(
        { ...asked, registry, decoder: createMessageDecoder(registry, { exactNumbers: true }) },
        session.shown('all'),
        (written) => {
          peer.notify('written', written);
        },
        signal,
      ),
    }),
  },
  listeners: {},
  describe: failureOf,
});
