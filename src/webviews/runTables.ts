/** What the rules of a run counted, wherever it ran, and the tables such reports are made of. */
import type { FinishedRun } from '../wire/run.ts';
import { button, element } from './dom.ts';
import { count, t } from './host.ts';

type RunResult = FinishedRun['result'];
type RuleCount = RunResult['rules'][number];

/** The first `texts` columns hold text, the others numbers. */
export function reportTable(
  label: string,
  texts: number,
  heads: readonly string[],
  lines: readonly (readonly (string | HTMLElement)[])[],
): HTMLElement {
  const cell = (content: string | HTMLElement, at: number): HTMLElement =>
    element('td', at < texts ? {} : { class: 'end' }, content);
  return element(
    'table',
    { 'aria-label': label },
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head, at) => element('th', at < texts ? {} : { class: 'end' }, head))),
    ),
    element('tbody', {}, ...lines.map((line) => element('tr', {}, ...line.map(cell)))),
  );
}

function share(failed: number, passed: number): string {
  const all = failed + passed;
  if (all === 0) return '';
  return (failed / all).toLocaleString(document.documentElement.lang, {
    style: 'percent',
    maximumFractionDigits: 2,
  });
}

export const rulesTable = (rules: readonly RuleCount[], label: string): HTMLElement =>
  reportTable(
    label,
    2,
    [t('Rule'), t('Dataset'), t('Passed'), t('Failed'), t('Share failed')],
    rules.map(({ name, dataset, passed_records: passed, failed_records: failed }) => [
      name,
      dataset,
      count(passed),
      failed === 0 ? '0' : element('strong', { class: 'bad' }, count(failed)),
      share(failed, passed),
    ]),
  );

/** `rows`: what its last column counts. */
export const tablesTable = (
  tables: RunResult['tables'],
  rows: string,
  open?: (name: string) => void,
): HTMLElement =>
  reportTable(
    t('Tables'),
    1,
    [t('Table'), rows],
    tables.map(({ name, rows: many }) => [
      open
        ? button(
            name,
            () => {
              open(name);
            },
            { class: 'link' },
          )
        : name,
      count(many),
    ]),
  );
