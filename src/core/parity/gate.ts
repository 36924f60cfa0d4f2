/** The parity check as the gate of a deploy. */
import type { FindingCode } from './finding.ts';
import type { Parity, ParityOptions } from './port.ts';

export interface GateFinding {
  readonly code: FindingCode;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
  /** Line and column from 1. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** An error among the findings keeps the project from being deployed. Throws what {@link Parity.check} throws. */
export async function parityGate(
  parity: Parity,
  folder: string,
  options?: ParityOptions,
): Promise<readonly GateFinding[]> {
  const findings = await parity.check(folder, options);
  return findings.map(({ code, severity, message, hint, file, range: { start } }) => ({
    code,
    level: severity,
    message,
    hint,
    place: { file, line: start.line + 1, column: start.column + 1 },
  }));
}
