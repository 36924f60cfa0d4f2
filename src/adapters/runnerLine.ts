/** One line of the runner's standard output (sandbox/runner/README.md holds the format). */
import { UserError } from '../core/errors.ts';
import type { Event } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { RunResult } from '../core/pipeline.ts';

export type RunnerLine =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'result'; readonly outcome: RunResult }
  | { readonly kind: 'error'; readonly error: Error };

interface Raw {
  readonly event?: string;
  readonly [key: string]: unknown;
}

/** Undefined for a line that is no event: a library's print, for one. */
export function parseRunnerLine(line: string): RunnerLine | undefined {
  if (!line.startsWith('{')) return undefined;
  const raw = JSON.parse(line) as Raw;
  switch (raw.event ?? '') {
    case 'phase':
      return { kind: 'event', event: { type: 'phase', phase: String(raw['phase']) } };
    case 'dataset': {
      const { event: _, ...rest } = raw;
      return { kind: 'event', event: { type: 'dataset', ...rest } as unknown as Event };
    }
    case 'flow_progress': {
      const { event: _, ...record } = raw;
      return { kind: 'event', event: { type: 'flow_progress', record } };
    }
    case 'error':
      return { kind: 'error', error: errorOf(raw as unknown as RawError) };
    case 'result': {
      const { event: _, ...outcome } = raw;
      return { kind: 'result', outcome: { upToDate: false, ...outcome } as never };
    }
    default:
      return undefined;
  }
}

interface RawError {
  readonly kind: 'user' | 'fault';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
}

function errorOf({ kind, code, message, hint, file, line }: RawError): Error {
  if (kind === 'fault') return new Error(`${code}: ${message}`);
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
  return new UserError(code, place + message, hint === undefined ? {} : { hint: t(hint) });
}
