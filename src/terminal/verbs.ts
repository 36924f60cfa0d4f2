/** The verbs of the terminal, in the order of the help. */
import { query } from './query.ts';
import { run } from './run.ts';
import { down, logs, reset, status, up } from './sandbox.ts';
import type { Verb } from './verb.ts';

export const VERBS: readonly Verb[] = [up, status, down, reset, logs, run, query];
