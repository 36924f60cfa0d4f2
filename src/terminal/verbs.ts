/** The verbs of the terminal, in the order of the help. */
import { doctor } from './doctor.ts';
import { demo } from './demo.ts';
import { group, groups } from './groups.ts';
import { importFile, produce, sample } from './orders.ts';
import { query } from './query.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { replay, send } from './send.ts';
import { restore, snapshot } from './snapshot.ts';
import { down, logs, reset, status, up } from './sandbox.ts';
import { topic } from './topic.ts';
import { read, topics } from './topics.ts';
import type { Verb } from './verb.ts';

export const VERBS: readonly Verb[] = [
  demo,
  up,
  status,
  down,
  reset,
  snapshot,
  restore,
  logs,
  doctor,
  produce,
  importFile,
  sample,
  send,
  replay,
  topics,
  topic,
  read,
  schema,
  groups,
  group,
  run,
  query,
];
