/** Two kinds of failure: what a person can mend, and everything else. */

/** A command of the editor, offered as a button. */
export interface Action {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

export interface UserErrorOptions {
  /** The next step, as a sentence. */
  readonly hint?: string;
  /** What mends it. */
  readonly action?: Action;
  /** What else is offered beside that. */
  readonly others?: readonly Action[];
  readonly cause?: unknown;
}

/** Something that a person can mend. `code` is stable; the message is translated. */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly action: UserErrorOptions['action'];
  readonly others: readonly Action[];

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = options.hint;
    this.action = options.action;
    this.others = options.others ?? [];
  }
}

/** `instanceof` does not hold across bundle files, so the name decides. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError' && 'code' in error;
}

/** Thrown when the person cancelled; never shown. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === 'Cancelled' || error.name === 'AbortError');
}

/** Throws {@link Cancelled} when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled();
}

/** A failure as it crosses to another thread: what a person reads, and what may mend it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Anything thrown; what no person can mend is a `fault`. */
export const failureOf = (error: unknown): Failure =>
  isUserError(error)
    ? { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
    : { code: 'fault', message: messageOf(error) };

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
