/** What is to be said of the bundle, each with the place it is about. */
import type { Finding } from '../wire/deploy.ts';
import { button, element } from './dom.ts';
import { t } from './host.ts';

/** Opens a file of the project. */
export type OpenFile = (at: {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}) => void;

export function placeLink(
  { file, line, column }: { readonly file: string; readonly line: number; readonly column?: number },
  open: OpenFile,
): HTMLButtonElement {
  return button(
    `${file}:${line}`,
    () => {
      open({ file, line, ...(column === undefined ? {} : { column }) });
    },
    { class: 'link' },
  );
}

const item = ({ level, message, hint, place }: Finding, open: OpenFile): HTMLElement => {
  const isError = level === 'error';
  return element(
    'li',
    { class: `finding ${isError ? 'problem' : 'warning'}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, isError ? '✗' : '!'),
    element(
      'div',
      { class: 'said' },
      element(
        'h3',
        {},
        element('span', { class: 'word' }, `${isError ? t('Problem') : t('Warning')}: `),
        message,
      ),
      ...(hint === undefined ? [] : [element('p', { class: 'fix' }, hint)]),
      ...(place ? [placeLink(place, open)] : []),
    ),
  );
};

export function findingsSection(findings: readonly Finding[], open: OpenFile): HTMLElement {
  const errorsFirst = findings.toSorted(
    (one, other) => Number(one.level === 'warning') - Number(other.level === 'warning'),
  );
  return element(
    'section',
    { 'aria-labelledby': 'findings' },
    element('h2', { id: 'findings' }, t('To look at in the project')),
    element('ul', { class: 'findings' }, ...errorsFirst.map((one) => item(one, open))),
  );
}
