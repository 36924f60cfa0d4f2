/** Putting a consumer group elsewhere in a topic, with a preview. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import {
  activeGroup,
  isActive,
  parseResetTarget,
  resetText,
  type ConsumerGroup,
  type ResetRow,
  type ResetTarget,
} from '../core/groups.ts';
import { isInt64 } from '../core/int64.ts';
import { t } from '../core/l10n.ts';
import { applyReset, previewReset } from '../core/resetOffsets.ts';
import { askOne, askText, mustAgree } from './ask.ts';
import { chooseGroup, chooseTopicOf } from './choose.ts';
import { countText } from './numbers.ts';
import type { Place } from './place.ts';
import { named } from './placeName.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';

/** Lines that a modal question has room for. */
const SHOWN = 20;

/** The one topic that the group reads, else one that the person chooses. */
async function topicOf(place: Place, { partitions }: ConsumerGroup): Promise<string> {
  const read = [...new Set(partitions.map(({ topic }) => topic))];
  const [only] = read;
  if (only === undefined) return chooseTopicOf(place);
  if (read.length === 1) return only;
  return askOne(
    read.map((topic) => ({ label: topic, value: topic })),
    { placeHolder: t('Which topic?') },
  );
}

async function askTarget(title: string): Promise<ResetTarget> {
  const kind = await askOne(
    [
      { label: t('Beginning'), description: t('reads everything again'), value: 'beginning' },
      { label: t('End'), description: t('skips everything so far'), value: 'end' },
      { label: t('A time…'), description: t('the first message at or after it'), value: 'time' },
      { label: t('An offset…'), description: t('the same in each partition'), value: 'offset' },
      { label: t('Forward or back…'), description: t('so many messages from where it is'), value: 'shift' },
    ] as const,
    { title, placeHolder: t('Where shall the group go on?') },
  );
  if (kind === 'beginning' || kind === 'end') return { to: kind };
  const isTarget = (input: string): boolean =>
    kind === 'time'
      ? /^\d{4}-\d\d-\d\d/.test(input) && !Number.isNaN(Date.parse(input))
      : isInt64(input) && (kind === 'shift' || !input.startsWith('-'));
  const questions = {
    time: { prompt: t('From which time on?'), value: new Date().toISOString() },
    offset: { prompt: t('To which offset?'), value: '0' },
    shift: { prompt: t('How many messages forward? Negative: back.'), value: '-100' },
  };
  const problems = {
    time: t('A time is written as 2026-01-31T12:00:00Z.'),
    offset: t('A whole number is needed.'),
    shift: t('A whole number is needed.'),
  };
  const answer = await askText({
    title,
    ...questions[kind],
    validateInput: (input) => (isTarget(input.trim()) ? undefined : problems[kind]),
  });
  return parseResetTarget(`${kind}:${answer}`);
}

function previewLines(rows: readonly ResetRow[]): readonly string[] {
  const place = (offset: string | null): string => (offset === null ? '–' : countText(offset));
  const lines = rows
    .slice(0, SHOWN)
    .map(
      (row) =>
        `${t('Partition {0}', row.partition)}: ${place(row.before)} → ${place(row.after)}  (${resetText(row)})`,
    );
  return rows.length > SHOWN ? [...lines, t('and {0} more', rows.length - SHOWN)] : lines;
}

export async function resetOffsets(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const { name: groupId, ...place } = await chooseGroup(room, argument);
  const admin = await place.cluster.topicAdmin();
  const group = await admin.group(groupId);
  // Before the questions: a group that reads makes them useless.
  if (isActive(group)) throw activeGroup(group);
  const topic = await topicOf(place, group);
  const title = t('Reset {0} in {1}', groupId, named(topic, place));
  const request = { groupId, topic, target: await askTarget(title) };
  const rows = await previewReset(admin, request);
  if (rows.every(({ before, after }) => after === null || before === after)) {
    throw new UserError('nothing-to-reset', t('The group {0} is there already.', groupId));
  }
  await mustAgree(
    t('Reset the offsets of {0} in {1}?', groupId, named(topic, place)),
    t('Reset'),
    previewLines(rows),
  );
  await applyReset(admin, request, rows);
  room.dataChanged();
  void vscode.window.showInformationMessage(t('The offsets of {0} are reset.', groupId));
}
