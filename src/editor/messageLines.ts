/** Messages as the message viewer shows them. */
import type { Message } from '../core/topics.ts';
import type { MessageDetail, MessageLine } from '../wire/topic.ts';

/** Characters of a value in the list; the whole is in the detail. */
const PREVIEW = 300;

export function messageLine(message: Message): MessageLine {
  const { partition, offset, timestamp, key, value, error } = message;
  const text =
    value === null || value === undefined
      ? null
      : typeof value === 'string'
        ? value
        : JSON.stringify(value).replace(/\s+/g, ' ');
  return {
    partition,
    offset,
    timestamp,
    key,
    preview: text === null || text.length <= PREVIEW ? text : `${text.slice(0, PREVIEW)}…`,
    ...(error === undefined ? {} : { error }),
  };
}

export function messageDetail(message: Message): MessageDetail {
  return {
    ...messageLine(message),
    json: JSON.stringify(message.value, null, 2),
    headers: Object.fromEntries(message.headers.map(({ name, value }) => [name, value ?? ''])),
    schemaId: message.schemaId,
  };
}
