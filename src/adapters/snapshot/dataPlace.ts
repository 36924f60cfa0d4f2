/** Where a runtime keeps the data of a home, as snapshots see it. Under the lock of the home, with nothing running. */
import type { OnEvent } from '../../core/events.ts';

export interface DataPlace {
  /** As in the stamp of a run (RunnerPlace). */
  readonly name: string;
  /** The folder in which the metastore shall find the tables. */
  readonly warehouse: string;
  /** Whether a run of the pipeline goes on; the sandbox runs. */
  hasRun(): Promise<boolean>;
  /** A folder with the data, laid out as a home's `data`, until it is released. */
  collect(
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<{ readonly folder: string; readonly release: () => void }>;
  /** Makes ready what `replace` needs, while the sandbox may still run. */
  prepare(onEvent: OnEvent, signal: AbortSignal): Promise<void>;
  /**
   * Puts the data of a folder, laid out as a home's `data`, in the place of what is there, which stays when that fails;
   * the metastore's locations move from the warehouse `from`. The folder is used up.
   */
  replace(folder: string, from: string, onEvent: OnEvent, signal: AbortSignal): Promise<void>;
  /** Takes the data away: it lives elsewhere now. */
  clear(): Promise<void>;
}

/** A program of Python for `python -c`, with the lock's file as its argument: 3 when a run holds it. */
export const LOCK_PROBE = [
  'import fcntl, sys',
  'try:',
  '    fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)',
  'except FileNotFoundError:',
  '    pass',
  'except BlockingIOError:',
  '    sys.exit(3)',
].join('\n');
export const LOCK_HELD = 3;
