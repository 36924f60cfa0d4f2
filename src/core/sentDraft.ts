/** A message whose bytes are at hand, as a draft that can be changed. */
import type { OutgoingDraft } from './outgoing.ts';
import { isText } from './produceCommand.ts';
import type { Message, RawMessage } from './topics.ts';

/** A key that the viewer shows as JSON, as the document that it is. */
function keyDocument({ key, keySchemaId }: Pick<Message, 'key' | 'keySchemaId'>): unknown {
  if (keySchemaId === undefined || key === null || !/^[[{]/.test(key)) return key;
  const document = JSON.parse(key) as unknown;
  // Where a number would be rounded it stays text, which the encoder reads as JSON with every digit.
  return JSON.stringify(document) === key ? document : key;
}

/** What is no text, and what could not be decoded, stays bytes: shown, it is base64, which text may look like too. */
export function sentDraft(
  message: Message,
  raw: Pick<RawMessage, 'key' | 'value' | 'headers'>,
): OutgoingDraft {
  const { topic, value, error } = message;
  const key = keyDocument(message);
  const isBytes =
    raw.key !== null &&
    message.keySchemaId === undefined &&
    message.key !== null &&
    !isText(raw.key, message.key);
  return {
    topic,
    value,
    ...(error === undefined ? {} : { valueBytes: raw.value ?? new Uint8Array() }),
    ...(raw.key !== null && isBytes ? { keyBytes: raw.key } : key === null ? {} : { key }),
    ...(message.headers.length === 0
      ? {}
      : {
          headers: message.headers.map(({ name, value: shown }, at) => {
            const bytes = raw.headers[at]?.value ?? null;
            return { name, value: shown !== null && bytes && !isText(bytes, shown) ? bytes : shown };
          }),
        }),
  };
}

/** Whether a header is no text: a document leaves it out. */
export const hasByteHeaders = ({ headers = [] }: OutgoingDraft): boolean =>
  headers.some(({ value }) => value instanceof Uint8Array);
