/** groups; group show, group reset. */
import {
  assignmentText,
  parseResetTarget,
  resetText,
  stateText,
  totalLag,
  type ConsumerGroup,
  type ResetRow,
  type ResetTarget,
} from '../core/groups.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { applyReset, previewReset, type ResetRequest } from '../core/resetOffsets.ts';
import { confirmed, mustBeAsked } from './confirm.ts';
import { option, wholeNumber } from './options.ts';
import { textTable } from './textTable.ts';
import type { Verb } from './verb.ts';

const NONE = '–';

const document = (group: ConsumerGroup) => ({ ...group, lag: totalLag(group.partitions) });

function groupsText(found: readonly ConsumerGroup[]): string {
  if (found.length === 0) return t('No consumer groups.');
  return textTable(
    [
      { name: t('group'), type: 'string' },
      { name: t('state'), type: 'string' },
      { name: t('members'), type: 'int' },
      { name: t('lag'), type: 'bigint' },
    ],
    found.map(({ groupId, state, members, partitions }) => [
      groupId,
      stateText(state),
      state === 'Unknown' ? NONE : members.length,
      totalLag(partitions) ?? NONE,
    ]),
  );
}

function groupText(group: ConsumerGroup): string {
  const { groupId, state, members, partitions } = group;
  return [
    t('{0}: {1}, lag {2}', groupId, stateText(state), totalLag(partitions) ?? NONE),
    '',
    textTable(
      [
        { name: t('topic'), type: 'string' },
        { name: t('partition'), type: 'int' },
        { name: t('committed'), type: 'bigint' },
        { name: t('end'), type: 'bigint' },
        { name: t('lag'), type: 'bigint' },
      ],
      partitions.map(({ topic, partition, committed, end, lag }) => [
        topic,
        partition,
        committed ?? NONE,
        end ?? NONE,
        lag ?? NONE,
      ]),
    ),
    ...members.map(({ clientId, host, ...member }) =>
      t('{0} on {1} reads {2}', clientId, host, assignmentText(member) || NONE),
    ),
  ].join('\n');
}

function previewText(rows: readonly ResetRow[]): string {
  return textTable(
    [
      { name: t('topic'), type: 'string' },
      { name: t('partition'), type: 'int' },
      { name: t('before'), type: 'bigint' },
      { name: t('after'), type: 'bigint' },
      { name: t('lag then'), type: 'bigint' },
      { name: '', type: 'string' },
    ],
    rows.map((row) => [
      row.topic,
      row.partition,
      row.before ?? NONE,
      row.after ?? NONE,
      row.lag ?? NONE,
      resetText(row),
    ]),
  );
}

export const groups: Verb = (program, run) => {
  program
    .command('groups')
    .description(t('list consumer groups, who reads and how far behind they are'))
    .action(
      run(async ({ cluster, output }) => {
        const found = await (await cluster.topicAdmin()).groups();
        await output.result({ groups: found.map(document) }, () => groupsText(found));
      }),
    );
};

const show: Verb = (group, run) => {
  group
    .command('show')
    .argument('<group>')
    .description(t('show the members of a group, and its offset and lag in each partition'))
    .action(
      run(async ({ cluster, output }, groupId: string) => {
        const found = await (await cluster.topicAdmin()).group(groupId);
        await output.result(document(found), () => groupText(found));
      }),
    );
};

interface ResetFlags {
  readonly topic: string;
  readonly to: ResetTarget;
  readonly partition?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const reset: Verb = (group, run) => {
  group
    .command('reset')
    .argument('<group>')
    .description(t('put a group that nobody reads with elsewhere in a topic; shows first where'))
    .requiredOption('--topic <topic>', t('whose offsets'))
    .requiredOption(
      '--to <target>',
      t('beginning, end, offset:N, time:ISO or shift:N'),
      option(parseResetTarget),
    )
    .option('--partition <id>', t('of this partition only'), wholeNumber)
    .option('--dry-run', t('only show where it would go'))
    .option('--yes', t('do not ask'))
    .action(
      run(async ({ cluster, output }, groupId: string, flags: ResetFlags) => {
        const { topic, to: target, partition, dryRun = false, yes = false } = flags;
        const request: ResetRequest = {
          groupId,
          topic,
          target,
          ...(partition === undefined ? {} : { partition }),
        };
        const admin = await cluster.topicAdmin();
        const rows = await previewReset(admin, request);
        const table = previewText(rows);
        const result = (applied: boolean) => ({ groupId, topic, applied, partitions: rows });
        if (dryRun) {
          await output.result(result(false), () => table);
          return;
        }
        output.onEvent({ type: 'message', level: 'info', message: table });
        mustBeAsked(yes, t('reset changes where the group goes on: say --yes to confirm.'));
        if (!yes && !(await confirmed(t('Reset the offsets of {0}? [y/N]', groupId)))) {
          throw new UserError('not-confirmed', t('Nothing was reset.'));
        }
        await applyReset(admin, request, rows);
        await output.result(result(true), () => t('The offsets of {0} are reset.', groupId));
      }),
    );
};

export const group: Verb = (program, run) => {
  const verbs = program.command('group').description(t('look at a consumer group, or reset its offsets'));
  for (const verb of [show, reset]) verb(verbs, run);
};
