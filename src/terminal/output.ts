/** What the terminal prints: results to standard output, everything else to standard error. */
import { bySeverity, findingsText } from '../core/doctor.ts';
import { isCancelled, isUserError, messageOf } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { eventText, isFleeting } from '../core/eventText.ts';
import { t } from '../core/l10n.ts';
import { findingsBeside } from './findingsBeside.ts';

export interface Output {
  readonly json: boolean;
  /** The one result: a JSON document, or the text made for people. */
  result(document: unknown, text: () => string): Promise<void>;
  /** A piece of a result that streams; with --json the pieces together are the document. */
  write(text: string): Promise<void>;
  readonly onEvent: OnEvent;
}

function writeAll(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

export function createOutput(json: boolean): Output {
  const overwrite = !json && process.stderr.isTTY;
  let open = false;
  const onEvent: OnEvent = (event) => {
    if (json) {
      process.stderr.write(`${JSON.stringify(event)}\n`);
      return;
    }
    const line = eventText(event);
    if (line === undefined) return;
    const fleeting = isFleeting(event);
    if (fleeting && !overwrite) return;
    process.stderr.write(`${open ? '\r\x1b[K' : ''}${line}${fleeting ? '' : '\n'}`);
    open = fleeting;
  };
  return {
    json,
    onEvent,
    result: (document, text) => writeAll(process.stdout, `${json ? JSON.stringify(document) : text()}\n`),
    write: (text) => writeAll(process.stdout, text),
  };
}

/** Tells a failure and returns the exit code: 1 failed, 2 wrong use. */
export function reportFailure(error: unknown, json: boolean): number {
  const found = bySeverity(findingsBeside(error));
  const findings = found.length > 0 ? { findings: found } : {};
  // What the error itself says needs not be said again.
  const more = found.filter(({ evidence }) => evidence !== messageOf(error));
  const below = more.length > 0 ? `\n${t('What the doctor finds:')}\n${findingsText(more)}\n` : '';
  if (isCancelled(error)) {
    process.stderr.write(json ? `${JSON.stringify({ type: 'cancelled' })}\n` : `${t('Cancelled.')}\n`);
  } else if (isUserError(error)) {
    const { code, message, hint } = error;
    process.stderr.write(
      json
        ? `${JSON.stringify({ type: 'error', code, message, hint, ...findings })}\n`
        : `${t('Error')}: ${message}\n${hint ? `${hint}\n` : ''}${below}`,
    );
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      json
        ? `${JSON.stringify({ type: 'error', code: 'fault', message: messageOf(error), stack, ...findings })}\n`
        : `${t('Unexpected error')}: ${stack}\n${below}`,
    );
  }
  return isUserError(error) && error.code === 'wrong-use' ? 2 : 1;
}
