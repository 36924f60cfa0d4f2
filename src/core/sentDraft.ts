/** A message that was sent, as a draft that can be changed. */
import type { OutgoingDraft } from './outgoing.ts';
import { isText } from './produceCommand.ts';
import type { Message, RawMessage } from './topics.ts';

/** A key that a schema decoded is JSON, unless it is a text. */
function decodedKey(key: string): unknown {
  try {
    const value = JSON.parse(key) as unknown;
    return typeof value === 'object' ? value : key;
  } catch {
    return key;
  }
}

/** What is no text stays bytes. Of a message that was decoded. */
export function sentDraft(
  { topic, key, value, headers, keySchemaId }: Message,
  raw: Pick<RawMessage, 'key' | 'headers'>,
): OutgoingDraft {
  const ofKey =
    key === null || raw.key === null
      ? {}
      : keySchemaId !== undefined
        ? { key: decodedKey(key) }
        : isText(raw.key, key)
          ? { key }
          : { keyBytes: raw.key };
  return {
    topic,
    ...ofKey,
    value,
    ...(headers.length === 0
      ? {}
      : {
          headers: headers.map(({ name, value: shown }, at) => {
            const bytes = raw.headers[at]?.value ?? null;
            return { name, value: shown !== null && bytes && !isText(bytes, shown) ? bytes : shown };
          }),
        }),
  };
}

/** Whether a document leaves something of it out. */
export const holdsBytes = ({ keyBytes, headers = [] }: OutgoingDraft): boolean =>
  keyBytes !== undefined || headers.some(({ value }) => value instanceof Uint8Array);
