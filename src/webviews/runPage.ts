/** The last run: whether the equation holds, how each rule fared, what each table holds. */
import type { FinishedRun, RunCalls } from '../wire/run.ts';
import { button, element } from './dom.ts';
import { connect, count, moment, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';
import { rulesTable, tablesTable } from './runTables.ts';

const host = connect<RunCalls>({
  changed: () => {
    void show();
  },
});
const notice = createNotice();
const main = document.querySelector('main');

const command = (id: string, args: readonly string[] = []): void => {
  host.call('command', { id: `ordersLakehouse.${id}`, args }).catch((error: unknown) => {
    notice.failed(toFailure(error), []);
  });
};

type Counts = FinishedRun['result']['totals'];

function term(label: string, value: number, kind: string): HTMLElement {
  return element(
    'div',
    { class: `term ${kind}` },
    element('span', { class: 'number' }, count(value)),
    element('span', { class: 'label' }, label),
  );
}

function equation(counts: Counts, holds: boolean): HTMLElement {
  const sign = (text: string): HTMLElement => element('span', { class: 'sign' }, text);
  return element(
    'div',
    { class: holds ? 'equation' : 'equation broken' },
    term('bronze', counts.bronze, 'bronze'),
    sign(holds ? '=' : '≠'),
    term('silver', counts.silver, 'silver'),
    sign('+'),
    term(t('quarantine'), counts.quarantine, 'quarantine'),
    sign('+'),
    term(t('duplicates'), counts.duplicates, 'duplicates'),
  );
}

function paint({ finishedAt, fullRefresh, result }: FinishedRun): void {
  const { totals, thisRun, rules, tables, equationHolds, upToDate } = result;
  const verdict = equationHolds
    ? element('p', {}, t('✓ Every message is accounted for.'))
    : element('p', { class: 'error' }, t('✗ The equation does not hold: messages are missing or doubled.'));
  const what = fullRefresh ? t('full refresh') : upToDate ? t('nothing was new') : t('incremental');
  main?.replaceChildren(
    element(
      'header',
      { class: 'toolbar' },
      element('h1', {}, t('Last run')),
      element('span', { class: 'facts' }, `${moment(finishedAt)} · ${what}`),
      element(
        'div',
        { class: 'buttons' },
        button(
          t('Run again'),
          () => {
            command('run');
          },
          { class: 'secondary' },
        ),
      ),
    ),
    element(
      'div',
      { class: 'report', tabindex: '0', role: 'region', 'aria-label': t('Last run') },
      element('h2', {}, t('All messages so far')),
      equation(totals, equationHolds),
      verdict,
      element('h2', {}, t('This run')),
      equation(thisRun, equationHolds),
      element('h2', {}, t('Rules, in this run')),
      rulesTable(rules, t('Rules, in this run')),
      element('h2', {}, t('Tables')),
      tablesTable(tables, t('Rows'), (name) => {
        command('openTable', [name]);
      }),
    ),
  );
}

async function show(): Promise<void> {
  try {
    const run = await host.call('lastRun', null);
    if (run) {
      paint(run);
      return;
    }
    main?.replaceChildren(notice.element);
    notice.empty(t('No run has finished in this window yet.'), [
      {
        label: t('Run the pipeline'),
        onClick: () => {
          command('run');
        },
      },
    ]);
  } catch (error) {
    main?.replaceChildren(notice.element);
    notice.failed(toFailure(error), [{ label: t('Try again'), onClick: () => void show() }]);
  }
}

void show();
