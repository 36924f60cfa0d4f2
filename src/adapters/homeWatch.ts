/** Tells when the state file of a home changes. */
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { homeLayout } from './home.ts';

/** Milliseconds between two tries to watch a folder that is not there yet. */
const RETRY = 5000;

/** Returns what ends the watch. The state file is replaced by rename, so its folder is what is watched. */
export function watchState(home: string, onChange: () => void): () => void {
  const { state } = homeLayout(home);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const begin = (): void => {
    if (ended) return;
    const again = (): void => {
      watcher?.close();
      watcher = undefined;
      if (!ended) timer = setTimeout(begin, RETRY).unref();
    };
    try {
      watcher = watch(dirname(state), { persistent: false }, (_event, file) => {
        if (file === null || file === basename(state)) onChange();
      });
      watcher.on('error', again);
      onChange();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Not there yet, or no watches left: the caller polls too, so that this only loses speed.
      if (code !== 'ENOENT' && code !== 'ENOSPC' && code !== 'EMFILE') throw error;
      again();
    }
  };
  timer = setTimeout(begin, 0);
  return () => {
    ended = true;
    clearTimeout(timer);
    watcher?.close();
  };
}
