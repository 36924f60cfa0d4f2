/** Tells what another process does in a home: files that are replaced, the stamp of the last run among them. */
import { existsSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { homeLayout } from './home.ts';

/** Milliseconds between two tries to watch a folder that is not there yet. */
const RETRY = 5000;

export interface HomeListener {
  /** A run of the pipeline ended well, or a reset wiped what it left. */
  readonly run: () => void;
}

/** Returns what ends the watch. */
export function watchHome(home: string, on: HomeListener, retryMs = RETRY): () => void {
  return watchFile(homeLayout(home).lastRun, on.run, retryMs);
}

/** Equal for the same content: the files watched are replaced by rename. */
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino}/${found.mtimeMs}` : '';
}

/** A file that is replaced cannot be watched itself, so its folder is. Returns what ends the watch. */
export function watchFile(path: string, onChange: () => void, retryMs = RETRY): () => void {
  const folder = dirname(path);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let seen = versionOf(path);

  const look = (): void => {
    const now = versionOf(path);
    const changed = seen !== now;
    seen = now;
    if (changed) onChange();
  };
  const again = (): void => {
    watcher?.close();
    watcher = undefined;
    clearTimeout(timer);
    if (!ended) timer = setTimeout(begin, retryMs).unref();
  };
  const begin = (): void => {
    try {
      watcher = watch(folder, { persistent: false }, (_event, file) => {
        if (file === null || file === basename(path)) look();
        // A reset takes the folder away, and with it the watch.
        if (!existsSync(folder)) again();
      });
      watcher.on('error', again);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Not there yet, or no watches left: looked at again and again instead.
      if (code !== 'ENOENT' && code !== 'ENOSPC' && code !== 'EMFILE') throw error;
      again();
    }
    look();
  };
  timer = setTimeout(begin, 0);
  return () => {
    ended = true;
    clearTimeout(timer);
    watcher?.close();
  };
}
