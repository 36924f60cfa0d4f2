/** A message whose bytes are at hand, as a draft that can be changed. */
import { draftOfMessage } from './messageTemplate.ts';
import type { OutgoingDraft } from './outgoing.ts';
import { isText } from './produceCommand.ts';
import type { Message, RawMessage } from './topics.ts';

/** What is no text, and what could not be decoded, stays bytes: shown, it is base64, which text may look like too. */
export function sentDraft(
  message: Message,
  raw: Pick<RawMessage, 'key' | 'value' | 'headers'>,
): OutgoingDraft {
  const { key, ...draft } = draftOfMessage(message, () => raw.value ?? new Uint8Array());
  const isBytes =
    raw.key !== null &&
    message.keySchemaId === undefined &&
    message.key !== null &&
    !isText(raw.key, message.key);
  return {
    ...draft,
    ...(raw.key !== null && isBytes ? { keyBytes: raw.key } : key === undefined ? {} : { key }),
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
