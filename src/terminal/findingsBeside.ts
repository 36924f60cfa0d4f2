/** What the doctor found when a start threw an error, until that error is told. */
import type { Finding } from '../core/doctor.ts';

const found = new WeakMap<Error, readonly Finding[]>();

export function putBeside(error: Error, findings: readonly Finding[]): void {
  found.set(error, findings);
}

/** None for an error that nobody looked into. */
export const findingsBeside = (error: unknown): readonly Finding[] =>
  error instanceof Error ? (found.get(error) ?? []) : [];
