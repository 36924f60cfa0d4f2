/** The log of a part that runs without containers. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogOptions } from '../../core/ports.ts';
import type { PartName } from '../../core/sandbox.ts';
import { tellingLines } from '../../core/tellingLines.ts';
import type { HomeLayout } from '../home.ts';
import { readState, type StateFile } from '../supervisor/stateFile.ts';
import { followLog } from './followLog.ts';

const startOf = (state: StateFile | undefined, part: PartName): number | undefined =>
  state?.parts.find(({ name }) => name === part)?.started?.logOffset;

export const embeddedLog = (
  layout: HomeLayout,
  part: PartName,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> =>
  followLog(layout.logs, part, options, signal, startOf(readState(layout.state), part));

/** Of a start that failed; the first error is what counts, so it is read from its beginning. */
const READ_BYTES = 4 * 1024 * 1024;

/** Why a part failed, from what it wrote since its last start. */
export function tellingOf(state: StateFile, part: PartName, path: string): readonly string[] {
  const buffer = Buffer.alloc(READ_BYTES);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, buffer, 0, READ_BYTES, startOf(state, part) ?? 0);
    return tellingLines(buffer.toString('utf8', 0, length).split('\n'));
  } finally {
    closeSync(file);
  }
}
