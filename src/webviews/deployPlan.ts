/** A plan as a list of what would be done, and what of it must be agreed to on its own. */
import type { ActionRow, Consents, DeployState, PlanCounts, PlanView } from '../wire/deploy.ts';
import { createAction, type ActionUses, type ActionView } from './deployAction.ts';
import { element } from './dom.ts';
import { newId, textInput } from './forms.ts';
import { count, t } from './host.ts';

export function countsText({ create, update, delete: gone, release, same }: PlanCounts): string {
  const text = t(
    '{0} created, {1} changed, {2} deleted, {3} the same',
    count(create),
    count(update),
    count(gone),
    count(same),
  );
  return release === 0 ? text : `${text}, ${t('{0} let go', count(release))}`;
}

export interface DeployPlan {
  readonly element: HTMLElement;
  /** In the place of the one before. */
  show(plan: PlanView | undefined): void;
  follow(state: DeployState, problem: HTMLElement | undefined): void;
  readonly consents: Consents;
  /** The first that is missing; undefined: all is agreed to. */
  missing(): HTMLElement | undefined;
}

interface Gate {
  readonly id: string;
  readonly input: HTMLInputElement;
  /** Undefined: not agreed. */
  readonly given: () => string | true | undefined;
}

export function createDeployPlan(uses: ActionUses, onConsent: () => void): DeployPlan {
  const root = element('div', { class: 'plan' });
  const views = new Map<string, ActionView>();
  let gates: Gate[] = [];
  /** Steps and place of the failure as they are shown. */
  let followed = '';

  const list = (rows: readonly ActionRow[], consentOf?: (row: ActionRow) => HTMLElement): HTMLElement =>
    element(
      'ul',
      { class: 'actions' },
      ...rows.map((row) => {
        const view = createAction(row, uses, consentOf?.(row));
        views.set(row.id, view);
        return view.element;
      }),
    );

  const tick = ({ id, name }: ActionRow): HTMLElement => {
    const input = element('input', {
      type: 'checkbox',
      id: newId(),
      'aria-label': t('Delete it: {0}', name),
    });
    input.addEventListener('change', onConsent);
    gates.push({ id, input, given: () => input.checked || undefined });
    const label = element('label', {}, t('Delete it'));
    label.htmlFor = input.id;
    return element('div', { class: 'consent' }, input, label);
  };
  const typed = ({ id, name }: ActionRow): HTMLElement => {
    const input = textInput({ id: newId() });
    input.addEventListener('input', onConsent);
    gates.push({ id, input, given: () => (input.value.trim() === name ? name : undefined) });
    const label = element('label', {}, t('To delete it, type its name: {0}', name));
    label.htmlFor = input.id;
    return element('div', { class: 'consent typed' }, label, input);
  };

  const show = (plan: PlanView | undefined): void => {
    views.clear();
    gates = [];
    followed = '';
    if (!plan) {
      root.replaceChildren();
      return;
    }
    const { groups, deletions, same, overwritten } = plan;
    root.replaceChildren(
      ...(overwritten > 0
        ? [
            element(
              'p',
              { class: 'warning-line' },
              overwritten === 1
                ? t('! One of these was made or changed there by somebody else, and would be overwritten.')
                : t(
                    '! {0} of these were made or changed there by somebody else, and would be overwritten.',
                    count(overwritten),
                  ),
            ),
          ]
        : []),
      ...(deletions.length > 0
        ? [
            element(
              'section',
              { class: 'deletions', 'aria-labelledby': 'deletions' },
              element('h2', { id: 'deletions' }, t('To be deleted there: {0}', count(deletions.length))),
              element('p', {}, t('They left the bundle. Nothing brings them back.')),
              list(deletions, (row) => (row.consent === 'name' ? typed(row) : tick(row))),
            ),
          ]
        : []),
      ...groups.map(({ type, title, counts, actions }) => {
        if (type !== 'file') return element('section', {}, element('h2', {}, title), list(actions));
        return element(
          'details',
          { class: 'folded' },
          element('summary', {}, `${title}: ${countsText(counts)}`),
          list(actions),
        );
      }),
      ...(plan.isEmpty ? [element('p', { class: 'well' }, t('✓ All is there as the bundle says.'))] : []),
      ...(same.length > 0
        ? [
            element(
              'details',
              { class: 'folded' },
              element('summary', {}, t('The same: {0}', count(same.length))),
              list(same),
            ),
          ]
        : []),
    );
  };

  return {
    element: root,
    show,
    follow: ({ phase, steps, failedAt }, problem) => {
      const now = JSON.stringify([phase, steps, failedAt, problem?.textContent]);
      if (now === followed) return;
      followed = now;
      const begun = phase !== 'planned' && phase !== 'planning';
      for (const [id, view] of views) {
        const waits = begun && !view.element.classList.contains('same') ? 'waiting' : undefined;
        view.step(steps[id] ?? waits);
        view.fail(id === failedAt ? problem : undefined);
      }
      const at = failedAt === null ? undefined : views.get(failedAt)?.element;
      // Its error must be seen.
      const fold = at?.closest('details');
      if (fold) fold.open = true;
      for (const { input } of gates) input.disabled = begun;
    },
    get consents() {
      return Object.fromEntries(
        gates.flatMap(({ id, given }) => {
          const what = given();
          return what === undefined ? [] : [[id, what] as const];
        }),
      );
    },
    missing: () => gates.find(({ given }) => given() === undefined)?.input,
  };
}
