/** Reads a topic for people, decoded, up to the end it had at the start. */
import { t } from './l10n.ts';
import { UserError } from './errors.ts';
import type { Lakehouse } from './ports.ts';
import type { Message, ReadStart } from './topics.ts';

export interface ReadOptions {
  readonly start: ReadStart;
  readonly partition?: number;
  /** At most so many messages. */
  readonly limit?: number;
}

/** `beginning`, `end`, `offset:N` or `time:ISO`. Throws UserError `bad-start`. */
export function parseReadStart(text: string): ReadStart {
  const [kind = '', ...rest] = text.split(':');
  const value = rest.join(':');
  switch (kind) {
    case 'beginning':
    case 'end':
      if (rest.length === 0) return { from: kind };
      break;
    case 'offset':
      if (/^\d+$/.test(value)) return { from: 'offset', offset: value };
      break;
    case 'time': {
      const timestampMs = Date.parse(value);
      if (!Number.isNaN(timestampMs)) return { from: 'time', timestampMs };
      break;
    }
  }
  throw new UserError('bad-start', t('"{0}" is no place to read from.', text), {
    hint: t('beginning, end, offset:NUMBER or time:2026-01-31T12:00:00Z'),
  });
}

/** Decoded messages in batches; from `end` there are none. Throws UserError `unknown-topic` and others. */
export async function* readTopic(
  lakehouse: Pick<Lakehouse, 'broker' | 'decoder'>,
  topic: string,
  options: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Message[]> {
  const [broker, decoder] = await Promise.all([lakehouse.broker(), lakehouse.decoder()]);
  const { partition, limit = Infinity } = options;
  let left = limit;
  if (left === 0) return;
  for await (const batch of broker.read(topic, options.start, signal)) {
    const wanted = batch.filter((message) => partition === undefined || message.partition === partition);
    const messages = await decoder.decode(wanted.slice(0, left));
    if (messages.length > 0) yield messages;
    left -= messages.length;
    if (left === 0) return;
  }
}
