/** What is to be said of a bundle, with the place it is about. */
import { UserError } from '../errors.ts';

export interface Place {
  /** Path in the project, `resources/orders.job.yml`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface Finding {
  /** Stable; see the errors of the readers. */
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
  /** Of `no-value`: what can be given from outside. */
  readonly variable?: { readonly name: string; readonly description?: string };
}

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

export const findingText = ({ message, place }: Finding): string =>
  place ? `${placeText(place)}: ${message}` : message;

/** Thrown for the errors among the findings: the first is its message, the others stand in `findings`. */
export class BundleError extends UserError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly [Finding, ...Finding[]]) {
    const [first] = findings;
    super(
      first.code,
      findings.map(findingText).join('\n'),
      first.hint === undefined ? {} : { hint: first.hint },
    );
    this.findings = findings;
  }
}
