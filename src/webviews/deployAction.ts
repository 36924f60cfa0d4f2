/** One action of a plan: its kind by a sign and a word, what changes field by field, and how far it is. */
import type { ActionKind, ActionRow, FieldRow, StepState } from '../wire/deploy.ts';
import type { Failure } from '../wire/rpc.ts';
import { button, element } from './dom.ts';
import { t } from './host.ts';

/** Characters of a value that stand in its line. */
const SHORT = 80;

const KINDS: Readonly<Record<ActionKind, readonly [sign: string, word: string]>> = {
  create: ['+', t('new')],
  update: ['~', t('changed')],
  delete: ['−', t('deleted')],
  release: ['→', t('let go: it stays there')],
  same: ['=', t('the same')],
};
const STEPS: Readonly<Record<StepState | 'waiting', readonly [sign: string, word: string]>> = {
  waiting: ['', t('waiting')],
  running: ['…', t('at work')],
  done: ['✓', t('done')],
  failed: ['✗', t('failed')],
};

export interface ActionView {
  readonly element: HTMLElement;
  /** Undefined: nothing has begun. */
  step(state: StepState | 'waiting' | undefined): void;
  fail(problem: HTMLElement | undefined): void;
}

export interface ActionUses {
  readonly onBrowse: (url: string) => void;
  readonly onDiff: (id: string) => void;
}

function value(text: string | null, kind: string): HTMLElement {
  if (text === null) return element('em', { class: kind }, t('nothing'));
  if (text.length <= SHORT && !text.includes('\n')) {
    return element('code', { class: kind }, text === '' ? '""' : text);
  }
  return element(
    'details',
    { class: kind },
    element('summary', {}, element('code', {}, `${text.slice(0, SHORT).replace(/\s+/g, ' ')}…`)),
    element('pre', { tabindex: '0' }, text),
  );
}

const field = ({ path, before, after, drift }: FieldRow): HTMLElement =>
  element(
    'li',
    {},
    element('code', { class: 'path' }, path),
    ': ',
    value(before, 'before'),
    element('span', { class: 'arrow', 'aria-hidden': 'true' }, ' → '),
    element('span', { class: 'told' }, `${t('becomes')} `),
    value(after, 'after'),
    ...(drift ? [element('span', { class: 'mark foreign' }, t('changed there by somebody else'))] : []),
  );

export function createAction(row: ActionRow, uses: ActionUses, consent?: HTMLElement): ActionView {
  const { id, kind, name, url, changes, loses, overwrites, drift, hasDiff } = row;
  const [sign, word] = KINDS[kind];
  const state = element('span', { class: 'step' });
  const said = element(
    'div',
    { class: 'said' },
    element(
      'div',
      { class: 'headline' },
      element('span', { class: 'word' }, `${word}: `),
      url === null
        ? element('span', { class: 'name' }, name)
        : button(
            name,
            () => {
              uses.onBrowse(url);
            },
            { class: 'link name', title: t('Open in browser: {0}', url) },
          ),
      ...(hasDiff
        ? [
            button(
              t('Show difference'),
              () => {
                uses.onDiff(id);
              },
              { class: 'link', 'aria-label': t('Show difference: {0}', name) },
            ),
          ]
        : []),
      // Of a field it stands there.
      ...(drift && changes.length === 0
        ? [element('span', { class: 'mark foreign' }, t('changed there by somebody else'))]
        : []),
      ...(overwrites ? [element('span', { class: 'mark foreign' }, t('overwrites what is there'))] : []),
      state,
    ),
    ...(loses === null ? [] : [element('p', { class: 'loses' }, t('Lost with it: {0}', loses))]),
    ...(changes.length > 0
      ? [element('ul', { class: 'fields', 'aria-label': t('Changes of {0}', name) }, ...changes.map(field))]
      : []),
    ...(consent ? [consent] : []),
  );
  let problem: HTMLElement | undefined;
  return {
    element: element(
      'li',
      { class: `action ${kind}` },
      element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      said,
    ),
    step: (next) => {
      state.className = `step ${next ?? ''}`;
      if (next === undefined) {
        state.replaceChildren();
        return;
      }
      const [mark, text] = STEPS[next];
      state.replaceChildren(element('span', { 'aria-hidden': 'true' }, mark === '' ? '' : `${mark} `), text);
    },
    fail: (next) => {
      problem?.remove();
      problem = next;
      if (next) said.append(next);
    },
  };
}

/** What went wrong, and what mends it. */
export function problemBox({ message, hint }: Failure, buttons: readonly HTMLButtonElement[]): HTMLElement {
  return element(
    'div',
    { class: 'error', role: 'alert' },
    element('p', {}, message),
    ...(hint === undefined ? [] : [element('p', {}, hint)]),
    ...(buttons.length > 0 ? [element('div', { class: 'buttons' }, ...buttons)] : []),
  );
}
