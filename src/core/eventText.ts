/** An event as one line for people. */
import type { Event } from './events.ts';
import { stepText } from './bundle/planText.ts';
import { t } from './l10n.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Undefined for what only machines read. */
export function eventText(event: Event): string | undefined {
  switch (event.type) {
    case 'download':
      return event.total === undefined
        ? t('{0}: {1} MB', event.name, megabytes(event.done))
        : t('{0}: {1} of {2} MB', event.name, megabytes(event.done), megabytes(event.total));
    case 'part':
      return `${event.part}: ${t(event.state)}${event.message ? ` (${event.message})` : ''}`;
    case 'message':
      return event.message;
    case 'progress':
      return event.total === undefined
        ? `${event.task}: ${event.done} ${event.unit}`
        : `${event.task}: ${event.done} / ${event.total} ${event.unit}`;
    case 'phase':
      return event.phase;
    case 'dataset':
      return `${event.dataset}: ${t(event.state)}${event.rows === undefined ? '' : ` (${event.rows})`}`;
    case 'flow_progress':
      return undefined;
    case 'step': {
      const { kind, resource, name, state, done, total } = event;
      // Of files, which may be many, the progress tells.
      const isTold = state === 'completed' && resource !== 'file' && resource !== 'folder';
      return isTold ? `[${done}/${total}] ${stepText(kind, resource, name)}` : undefined;
    }
    case 'update':
      return `${event.pipeline}: ${event.state}`;
  }
}

/** Whether the next event of its kind replaces it. */
export function isFleeting(event: Event): boolean {
  return event.type === 'download' || event.type === 'progress';
}
