/** The lines of a log that tell why a part failed. */
import { createLogReader } from './logLines.ts';

/** More would not be read. */
const MOST = 10;
/** Characters of a line. */
const WIDEST = 300;

const FRAME = /^\s*(?:at [\w.$/@<>-]+\(|\.\.\. \d+ (?:more|common frames))/;
/** What ends programs, however they word the rest. */
const CAUSES =
  /Address already in use|OutOfMemoryError|No space left on device|Permission denied|heap size|insufficient memory|Could not reserve enough space|Too many open files|Read-only file system/i;
/** The exception itself, and what it came from. */
const REASON = /^(?:Caused by: |[\w.$]+(?:Exception|Error)\b)/;

interface ErrorRecord {
  readonly line: number;
  /** Lines with the exception and its causes. */
  readonly reasons: number[];
}

/**
 * At most ten, in their order: the first error and the last with their causes, every line that names a cause known to end
 * programs, then other errors; without any of these the end of the log. Nothing is said twice.
 */
export function tellingLines(log: Iterable<string>): readonly string[] {
  const read = createLogReader();
  const lines: string[] = [];
  const errors: ErrorRecord[] = [];
  const causes: number[] = [];
  let record: ErrorRecord | undefined;
  for (const text of log) {
    const line = read(text);
    if (text.trim() === '' || FRAME.test(text)) continue;
    const index = lines.push(text.trimEnd()) - 1;
    if (!line.continues) {
      record = line.level === 'error' ? { line: index, reasons: [] } : undefined;
      if (record) errors.push(record);
    } else if (record && (REASON.test(text) || (line.at === 0 && index === record.line + 1))) {
      record.reasons.push(index);
    }
    if (CAUSES.test(text)) causes.push(index);
  }
  const whole = (one: ErrorRecord | undefined): readonly number[] => (one ? [one.line, ...one.reasons] : []);
  const order = [...whole(errors[0]), ...whole(errors.at(-1)), ...causes, ...errors.map(({ line }) => line)];
  if (order.length === 0) return lines.slice(-MOST).map(clipped);
  const chosen = new Map<number, string>();
  for (const index of order) {
    const said = meaning(lines[index] ?? '');
    if (chosen.has(index) || [...chosen.values()].some((other) => other.includes(said))) continue;
    chosen.set(index, said);
    if (chosen.size === MOST) break;
  }
  return [...chosen.keys()].sort((a, b) => a - b).map((index) => clipped(lines[index] ?? ''));
}

/** A program that tries again says the same again, at another time, and counts. */
const meaning = (line: string): string =>
  line
    .replace(/^\[?[\d/:.,T +-]+\]? (?=[A-Z]+ )/, '')
    .replace(/^Caused by: /, '')
    .replace(/\d+/g, '0');

const clipped = (line: string): string => (line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line);
