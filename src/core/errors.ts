/** Two kinds of failure: what a person can mend, and everything else. */

export interface UserErrorOptions {
  /** The next step, as a sentence. */
  readonly hint?: string;
  /** A command of the editor that mends it, offered as a button. */
  readonly action?: { readonly title: string; readonly command: string; readonly args?: readonly unknown[] };
  readonly cause?: unknown;
}

/** Something that a person can mend. `code` is stable; the message is translated. */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly action: UserErrorOptions['action'];

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = options.hint;
    this.action = options.action;
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

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
