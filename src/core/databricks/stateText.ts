/** States of runs and updates in words, and how they look. */
import { t } from '../l10n.ts';
import { isOver as runIsOver } from './notebookRun.ts';
import type { RunState } from './ports.ts';

export type StateKind = 'waiting' | 'running' | 'good' | 'failed' | 'cancelled';

export interface StateText {
  readonly kind: StateKind;
  readonly text: string;
}

/** Of an update of a pipeline. */
export function updateState(state: string): StateText {
  switch (state) {
    case 'COMPLETED':
      return { kind: 'good', text: t('completed') };
    case 'FAILED':
      return { kind: 'failed', text: t('failed') };
    case 'CANCELED':
      return { kind: 'cancelled', text: t('cancelled') };
    case 'QUEUED':
    case 'CREATED':
      return { kind: 'waiting', text: t('queued') };
    case 'WAITING_FOR_RESOURCES':
      return { kind: 'waiting', text: t('waiting for compute') };
    case 'INITIALIZING':
      return { kind: 'running', text: t('initializing') };
    case 'RESETTING':
      return { kind: 'running', text: t('resetting tables') };
    case 'SETTING_UP_TABLES':
      return { kind: 'running', text: t('setting up tables') };
    case 'RUNNING':
      return { kind: 'running', text: t('running') };
    case 'STOPPING':
      return { kind: 'running', text: t('stopping') };
    default:
      return { kind: 'running', text: state.toLowerCase() };
  }
}

export const isOver = ({ kind }: StateText): boolean =>
  kind === 'good' || kind === 'failed' || kind === 'cancelled';

/** Of a run of a job. */
export function runState(state: RunState): StateText {
  const { life, code, type } = state;
  if (runIsOver(state)) {
    // First: a run that a person cancelled ended well, says its type.
    if (/CANCELED|CANCELLED/.test(code)) return { kind: 'cancelled', text: t('cancelled') };
    if (type === 'SUCCESS' || code === 'SUCCESS') return { kind: 'good', text: t('succeeded') };
    return { kind: 'failed', text: t('failed') };
  }
  if (life === 'TERMINATING') return { kind: 'running', text: t('ending') };
  if (life === 'RUNNING') return { kind: 'running', text: t('running') };
  return { kind: 'waiting', text: t('queued') };
}
