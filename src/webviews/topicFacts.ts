/** What a reading is at, in words. */
import type { SessionState } from '../wire/topic.ts';
import { count, t } from './host.ts';

export interface Reading {
  /** The topic is in another Kafka than the sandbox's. */
  readonly elsewhere: boolean;
  /** Messages and partitions of the topic. */
  readonly messages: number;
  readonly partitions: number;
  readonly filtered: boolean;
  /** Only matches are kept: the whole topic is searched. */
  readonly whole: boolean;
  /** The order that was asked for is being made. */
  readonly sorting: boolean;
}

export const heldBy = ({ first, end }: SessionState): number => end - first;

/** Whether all that is held was looked at. */
export const isSettled = (state: SessionState): boolean =>
  state.looked >= heldBy(state) && state.phase !== 'reading' && state.phase !== 'starting';

/** 0 to 100. */
const percent = (part: number, whole: number): number =>
  whole <= 0 ? 100 : Math.floor((100 * part) / whole);

export const readPercent = ({ passed, left }: SessionState): number => percent(passed, passed + left);

function phaseText(state: SessionState): string {
  switch (state.phase) {
    case 'starting':
      return t('starting');
    case 'reading':
      return t('reading {0} %', readPercent(state));
    case 'live':
      return t('live');
    case 'paused':
      return t('paused');
    case 'full':
      return t('stopped: as many were found as are kept');
    case 'ended':
      return t('ended');
    case 'failed':
      return t('failed');
  }
}

/** `10,000 of 523,112 messages · 6 partitions · live`. */
export function factsOf(
  state: SessionState,
  { messages, partitions, filtered, whole, sorting }: Reading,
): string {
  const held = heldBy(state);
  const facts = [
    whole
      ? t('{0} found', count(state.matches))
      : filtered
        ? t('{0} of {1} held match', count(state.matches), count(held))
        : t('{0} of {1} messages', count(held), count(Math.max(messages, held))),
    ...(filtered && !whole && state.looked < held ? [t('searched {0} %', percent(state.looked, held))] : []),
    ...(filtered ? [] : [partitions === 1 ? t('1 partition') : t('{0} partitions', partitions)]),
    phaseText(state),
    ...(sorting ? [t('sorting')] : []),
    ...(state.lost > 0 ? [t('{0} deleted by retention before they were read', count(state.lost))] : []),
  ];
  return facts.join(' · ');
}

/** What is worth being said aloud: not each message that comes. */
export function newsOf(state: SessionState, filtered: boolean): string {
  const settled = isSettled(state);
  const parts = [
    ...(filtered && settled ? [t('{0} messages match', count(state.matches))] : []),
    ...(state.phase === 'reading' ? [t('reading')] : [phaseText(state)]),
  ];
  return parts.join(' · ');
}
