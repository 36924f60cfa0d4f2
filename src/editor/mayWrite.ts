/** Whether something may be written, started or stopped in a workspace: the one place that asks. */
import { Cancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, mustAgree } from './ask.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';

export interface Write {
  readonly question: string;
  /** What the button says. */
  readonly yes: string;
  /** Whole lines. */
  readonly detail?: readonly string[];
  /** Asks outside of production too. */
  readonly always?: boolean;
  /** The question stays beside what a person looks at meanwhile, a difference say. */
  readonly beside?: boolean;
}

/**
 * In production a person is asked each time, elsewhere where the caller says so. Throws Cancelled, and UserError
 * `untrusted`, `unknown-workspace`.
 */
export async function mayWrite(
  room: Pick<Room, 'workspaces'>,
  workspaceId: string,
  { question, yes, detail = [], always = false, beside = false }: Write,
): Promise<void> {
  mustBeTrusted();
  const { production, name, host } = room.workspaces.get(workspaceId);
  if (!production && !always) return;
  const lines = [...(production ? [t('{0} is production.', name)] : []), ...detail];
  if (!beside) {
    await mustAgree(question, yes, [...lines, ...(production ? [host] : [])]);
    return;
  }
  // What is chosen first writes nothing.
  const agreed = await askOne(
    [
      { label: t('Cancel'), description: t('Nothing is written.'), value: false },
      { label: yes, description: lines.join(' '), value: true },
    ],
    { title: question, placeHolder: question },
  );
  if (!agreed) throw new Cancelled();
}
