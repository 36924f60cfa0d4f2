/** The verbs of the terminal, in the order of the help. */
import type { Verb } from './verb.ts';

export const VERBS: readonly Verb[] = [];
