/** home/run/sandbox.json: what the supervisor last knew. It exists from start to stop. */
import type { Endpoints, PartName, PartState, PartStatus } from '../../core/sandbox.ts';
import { readJson, writeAtomically } from '../files.ts';
import type { ProcessIdentity } from '../processIdentity.ts';

export interface PartRecord {
  readonly name: PartName;
  readonly state: PartState;
  readonly process?: ProcessIdentity;
  readonly ports: Readonly<Record<string, number>>;
  /** ISO 8601: since when it is in this state. */
  readonly since: string;
  /** Its last start: when, and where in its log file that begins. */
  readonly started?: { readonly at: string; readonly logOffset: number };
  readonly restarts: number;
  readonly message?: string;
  readonly problem?: NonNullable<PartStatus['problem']>;
}

export interface StateFile {
  readonly supervisor: ProcessIdentity;
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly endpoints: Endpoints;
  readonly parts: readonly PartRecord[];
}

export function readState(path: string): StateFile | undefined {
  return readJson(path) as StateFile | undefined;
}

export function writeState(path: string, state: StateFile): void {
  writeAtomically(path, JSON.stringify(state, undefined, 2));
}
