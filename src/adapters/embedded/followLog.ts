/** Reads a part's log from its end, or from its last start, and goes on as it grows. */
import { closeSync, existsSync, openSync, readSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { LogOptions } from '../../core/ports.ts';

/** The folder tells of growth; file systems that do not are looked at as often. */
const LOOK_MS = 1000;
/** What is read back for the last lines. */
const BACK_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The next bytes of a file, at most one chunk. */
function readFrom(path: string, offset: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, Math.min(CHUNK_BYTES, statSync(path).size - offset)));
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(file);
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Waits for a change in a folder; none is lost between two waits. */
function createBell(folder: string, signal: AbortSignal): { wait(): Promise<void>; close(): void } {
  let rung = false;
  let wake: (() => void) | undefined;
  let watcher: FSWatcher | undefined;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  const close = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  try {
    watcher = watch(folder, { persistent: false }, ring).on('error', close);
  } catch (error) {
    // No watches left: the clock alone tells then.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EMFILE' && code !== 'ENOENT') throw error;
  }
  signal.addEventListener('abort', ring, { once: true });
  return {
    wait: async () => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
    close,
  };
}

export function noLog(part: string): UserError {
  return new UserError('no-log', t('There is no log of {0} yet.', part), {
    hint: t('Start the sandbox first: orders-lakehouse up'),
    action: { title: t('Start sandbox'), command: 'ordersLakehouse.start' },
  });
}

/**
 * `part` names the file in the folder; `startOffset` is where the last start begins in it, if that is known.
 * Throws UserError `no-log` when the part never ran.
 */
export async function* followLog(
  folder: string,
  part: string,
  { lines, follow, sinceStart = false }: LogOptions,
  signal: AbortSignal,
  startOffset?: number,
): AsyncGenerator<string> {
  const path = join(folder, `${part}.log`);
  if (!existsSync(path)) throw noLog(part);
  const bell = createBell(folder, signal);
  try {
    const size = sizeOf(path);
    const from = sinceStart ? (startOffset ?? 0) : 0;
    let offset = lines === Infinity ? from : Math.max(from, size - BACK_BYTES);
    // Bytes of a line that is not finished yet.
    let rest = Buffer.alloc(0);
    /** The whole lines of the next chunk. */
    const next = (): readonly string[] => {
      const more = readFrom(path, offset);
      offset += more.length;
      const text = Buffer.concat([rest, more]);
      const end = text.lastIndexOf(0x0a) + 1;
      rest = Buffer.from(text.subarray(end));
      return end > 0 ? text.toString('utf8', 0, end - 1).split('\n') : [];
    };
    let kept: string[] = [];
    while (offset < size) {
      const some = next();
      if (lines === Infinity) yield* some;
      else kept = [...kept, ...some].slice(-Math.max(1, lines));
    }
    if (!follow && rest.length > 0) kept.push(rest.toString('utf8'));
    if (lines > 0) yield* lines === Infinity ? kept : kept.slice(-lines);
    while (follow && !signal.aborted) {
      const now = sizeOf(path);
      if (now < offset) {
        offset = 0;
        rest = Buffer.alloc(0);
      }
      if (now > offset) yield* next();
      else await bell.wait();
    }
  } finally {
    bell.close();
  }
}
