/** The parity check as the gate of a deploy. */
import { isUserError } from '../errors.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Parity, ParityOptions } from './port.ts';

export interface GateFinding {
  readonly code: FindingCode;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
  /** Line and column from 1. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/**
 * An error among the findings keeps the project from being deployed. A bundle without a pipeline of its own has nothing to be
 * looked at. Throws what {@link Parity.check} throws.
 */
export async function parityGate(
  parity: Parity,
  folder: string,
  options?: ParityOptions,
): Promise<readonly GateFinding[]> {
  return (await findingsOf(parity, folder, options)).map(
    ({ code, severity, message, hint, file, range: { start } }) => ({
      code,
      level: severity,
      message,
      hint,
      place: { file, line: start.line + 1, column: start.column + 1 },
    }),
  );
}

async function findingsOf(...[parity, ...of]: Parameters<typeof parityGate>): Promise<readonly Finding[]> {
  try {
    return await parity.check(...of);
  } catch (error) {
    if (isUserError(error) && error.code === 'no-project') return [];
    throw error;
  }
}
