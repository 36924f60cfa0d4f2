/** Reads a part's log from its end, and goes on as it grows. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { PartName } from '../../core/sandbox.ts';

const POLL_MS = 200;
/** What is read back for the last lines. */
const BACK_BYTES = 4 * 1024 * 1024;

function readFrom(path: string, offset: number): Buffer {
  const size = statSync(path).size;
  const buffer = Buffer.alloc(Math.max(0, size - offset));
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(file);
  }
}

/** Throws UserError `no-log` when the part never ran. */
export async function* followLog(
  folder: string,
  part: PartName,
  { lines, follow }: { lines: number; follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const path = join(folder, `${part}.log`);
  if (!existsSync(path)) {
    throw new UserError('no-log', t('There is no log of {0} yet.', part), {
      hint: t('Start the sandbox first: orders-lakehouse up'),
    });
  }
  let offset = Math.max(0, statSync(path).size - BACK_BYTES);
  const first = readFrom(path, offset);
  offset += first.length;
  const kept = first.toString('utf8').split('\n');
  // Bytes of a line that is not finished yet.
  let rest = Buffer.from(kept.pop() ?? '');
  yield* lines > 0 ? kept.slice(-lines) : [];
  if (!follow && rest.length > 0 && lines > 0) yield rest.toString('utf8');
  while (follow && !signal.aborted) {
    await sleep(POLL_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    const size = existsSync(path) ? statSync(path).size : 0;
    if (size < offset) {
      offset = 0;
      rest = Buffer.alloc(0);
    }
    if (size === offset) continue;
    const more = readFrom(path, offset);
    offset += more.length;
    const text = Buffer.concat([rest, more]);
    const end = text.lastIndexOf(0x0a) + 1;
    rest = Buffer.from(text.subarray(end));
    if (end > 0) yield* text.toString('utf8', 0, end - 1).split('\n');
  }
}
