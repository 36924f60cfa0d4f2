/** Tells what another process does in a home: its state file and the stamp of its last run change. */
import { existsSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { homeLayout } from './home.ts';

/** Milliseconds between two tries to watch a folder that is not there yet. */
const RETRY = 5000;

export interface HomeListener {
  /** The sandbox, or a part of it, is in another state. */
  readonly state: () => void;
  /** A run of the pipeline ended well, or a reset wiped what it left. */
  readonly run: () => void;
}

/** Returns what ends the watch. */
export function watchHome(home: string, on: HomeListener, retryMs = RETRY): () => void {
  const { state, docker, lastRun } = homeLayout(home);
  const watches = [
    ...[state, docker].map((path) => watchFile(path, on.state, retryMs)),
    watchFile(lastRun, on.run, retryMs),
  ];
  return () => {
    for (const end of watches) end();
  };
}

/** Equal for the same content: the files watched are replaced by rename. */
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino}/${found.mtimeMs}` : '';
}

/** A file that is replaced cannot be watched itself, so its folder is. */
function watchFile(path: string, onChange: () => void, retryMs: number): () => void {
  const folder = dirname(path);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let seen: string | undefined;

  const look = (): void => {
    const now = versionOf(path);
    const changed = seen !== undefined && seen !== now;
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
      // Not there yet, or no watches left: the caller polls too, so that this only loses speed.
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
