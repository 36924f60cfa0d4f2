/** Where a deployment goes: the workspace with its colour, the target, who is logged in, and how each is changed. */
import type { DeployCalls, DeployPlace } from '../wire/deploy.ts';
import { button, element } from './dom.ts';
import { t } from './host.ts';

type Change = 'changeTarget' | 'changeWorkspace' | 'changeVariables';

export interface DeployHead {
  readonly element: HTMLElement;
  /** `user` undefined: not known yet. */
  show(place: DeployPlace, user: string | undefined, busy: boolean): void;
}

const modeText = (mode: DeployPlace['mode']): string =>
  mode === 'production' ? t('production') : mode === 'development' ? t('development') : '';

export function createDeployHead(change: (call: Change & keyof DeployCalls) => void): DeployHead {
  const root = element('div', { class: 'deploy-head' });
  let last = '';

  const entry = (id: Change, label: string, value: string, marks: readonly HTMLElement[]): HTMLElement =>
    element(
      'div',
      { class: 'entry' },
      element('span', { class: 'label' }, label),
      element('span', { class: 'value' }, value),
      ...marks,
      button(
        t('Change…'),
        () => {
          change(id);
        },
        { id, class: 'link', 'aria-label': t('Change: {0}', `${label} ${value}`) },
      ),
    );
  const mark = (text: string, kind: string): HTMLElement => element('span', { class: `mark ${kind}` }, text);

  const build = ({ target, mode, workspace, variables }: DeployPlace, user: string | undefined): void => {
    const { name, host, colour, production } = workspace;
    root.className = `deploy-head badge ${colour}`;
    root.replaceChildren(
      entry('changeWorkspace', t('Workspace'), name, [
        ...(production ? [mark(t('PRODUCTION'), 'production')] : []),
        element('span', { class: 'quiet' }, host),
      ]),
      entry(
        'changeTarget',
        t('Target'),
        target,
        mode === null ? [] : [mark(modeText(mode), mode === 'production' ? 'production' : 'plain')],
      ),
      ...(user === undefined
        ? []
        : [
            element(
              'div',
              { class: 'entry' },
              element('span', { class: 'label' }, t('Logged in as')),
              element('span', { class: 'value' }, user),
            ),
          ]),
      ...(variables.length === 0
        ? []
        : [
            entry(
              'changeVariables',
              t('Variables given here'),
              variables.map(({ name: variable, value }) => `${variable} = ${value}`).join(', '),
              [],
            ),
          ]),
    );
  };

  return {
    element: root,
    show: (place, user, busy) => {
      const now = JSON.stringify([place, user]);
      if (now !== last) {
        const before = document.activeElement?.id;
        build(place, user);
        last = now;
        if (before && root.querySelector(`#${before}`)) document.getElementById(before)?.focus();
      }
      for (const one of root.querySelectorAll('button')) one.ariaDisabled = busy ? 'true' : null;
    },
  };
}
