/** The verbs of the terminal, in the order of the help. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { doctor } from './doctor.ts';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { group, groups } from './groups.ts';
import { importFile, produce, sample } from './orders.ts';
import { project } from './project.ts';
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
  project,
  run,
  query,
  deploy,
];

/** Verbs that work on any Kafka; the others are of the sandbox. */
const ON_ANY_KAFKA = ['topics', 'topic', 'read', 'schema', 'groups', 'group', 'send', 'replay'];

/** Throws UserError `sandbox-only` for a verb that would pass over the connection. */
export function mustTakeConnection([verb = '']: readonly string[]): void {
  if (ON_ANY_KAFKA.includes(verb)) return;
  throw new UserError('sandbox-only', t('{0} does not work on a connection to Kafka.', verb), {
    hint: t('Without --connection it does.'),
  });
}
