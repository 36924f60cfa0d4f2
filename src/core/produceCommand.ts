/** The command line that sends a message again. */
import { escapePlaceholders } from './placeholders.ts';
import type { Message, RawMessage } from './topics.ts';

const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One argument for a POSIX shell, whatever is in it. */
export const shellQuoted = (text: string): string =>
  SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
/** Whether bytes are shown as they are, not in base64. */
export function isText(bytes: Uint8Array, shown: string): boolean {
  const held = new TextEncoder().encode(shown);
  return held.length === bytes.length && held.every((byte, index) => byte === bytes[index]);
}

/** `name=value`; as JSON what that cannot say: null, bytes, a name with `=` or at whose start JSON begins. */
function headerArgument(name: string, shown: string | null, bytes: Uint8Array | null | undefined): string {
  if (bytes && shown !== null && !isText(bytes, shown)) {
    return JSON.stringify({ name, base64: toBase64(bytes) });
  }
  const value = escapePlaceholders(shown);
  if (shown === null || name === '' || /[={]/.test(name)) return JSON.stringify({ name, value });
  return `${name}=${String(value)}`;
}

/** Where a command finds the topic: a sandbox that is not the usual one, or what a client.properties says; and how JSON is written. */
export interface CommandPlace {
  readonly home?: string;
  readonly connection?: string;
  /** In one line; one that knows ExactNumber, where a value has some. */
  readonly json?: (document: unknown) => string;
}

/** The arguments behind the program's name. `raw`, where it is at hand, tells bytes from text that looks like base64. */
export function produceArguments(
  message: Pick<Message, 'topic' | 'key' | 'value' | 'headers' | 'keySchemaId' | 'error'>,
  raw?: Pick<RawMessage, 'key' | 'value' | 'headers'>,
  { home, connection, json = JSON.stringify }: CommandPlace = {},
): readonly string[] {
  const { topic, key, value, headers, keySchemaId, error } = message;
  const rawKey = raw?.key;
  const isBytes = key !== null && keySchemaId === undefined && rawKey && !isText(rawKey, key);
  const keyArgument = isBytes
    ? `--key-base64=${toBase64(rawKey)}`
    : `--key=${String(escapePlaceholders(key))}`;
  return [
    'send',
    ...(home === undefined ? [] : [`--home=${home}`]),
    ...(connection === undefined ? [] : [`--connection=${connection}`]),
    ...(key === null ? [] : [keyArgument]),
    error === undefined ? `--value=${json(escapePlaceholders(value))}` : `--value-base64=${String(value)}`,
    ...headers.map(
      (header, index) => `--header=${headerArgument(header.name, header.value, raw?.headers[index]?.value)}`,
    ),
    // A topic's name may begin with a dash.
    ...(topic.startsWith('-') ? ['--', topic] : [topic]),
  ];
}

/** For a POSIX shell. The value is encoded again, by the newest schema of the topic. */
export const produceCommand = (...args: Parameters<typeof produceArguments>): string =>
  ['orders-lakehouse', ...produceArguments(...args)].map(shellQuoted).join(' ');
