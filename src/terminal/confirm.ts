/** A question before something is lost. */
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

/** The next line of the terminal; empty when it ends. Throws Cancelled at Ctrl-C. */
function answer(): Promise<string> {
  return new Promise((resolve, reject) => {
    const over = (): void => {
      process.stdin.off('data', done).off('end', ended).pause();
      process.off('SIGINT', cancelled);
    };
    const done = (text: string): void => {
      over();
      resolve(text);
    };
    const ended = (): void => {
      done('');
    };
    const cancelled = (): void => {
      over();
      reject(new Cancelled());
    };
    process.stdin.setEncoding('utf8').once('data', done).once('end', ended);
    process.once('SIGINT', cancelled);
  });
}

/** Whether the person says yes. */
export async function confirmed(question: string): Promise<boolean> {
  process.stderr.write(`${question} `);
  return /^(y|yes|s|sim)$/i.test((await answer()).trim());
}

/** Throws UserError `wrong-use` where nobody can be asked, `not-confirmed` where the person says no. */
export async function mustAgree(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError('wrong-use', t('{0} Say --yes to confirm.', question));
  if (!(await confirmed(`${question} [y/N]`)))
    throw new UserError('not-confirmed', t('Nothing was changed.'));
}

/** Throws UserError `wrong-use` where there is nobody to answer: a program says `--yes`. */
export function mustBeAsked(yes: boolean, refusal: string): void {
  if (!yes && !process.stdin.isTTY) throw new UserError('wrong-use', refusal);
}

/** The person types the name of what goes. Throws UserError `not-confirmed`. */
export async function mustType(name: string, question: string): Promise<void> {
  process.stderr.write(`${question} `);
  if ((await answer()).trim() !== name) throw new UserError('not-confirmed', t('Nothing was deleted.'));
}
