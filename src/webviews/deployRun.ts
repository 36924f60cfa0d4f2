/** A run in a workspace: its updates as they go, what they say, and what they counted. */
import type { CloudRunResult, RunMessage, RunView } from '../wire/deploy.ts';
import { placeLink, type OpenFile } from './deployFindings.ts';
import { button, element } from './dom.ts';
import { durationText } from './duration.ts';
import { moment, t } from './host.ts';
import { rulesTable, tablesTable } from './runTables.ts';

export interface DeployRun {
  readonly element: HTMLElement;
  show(run: RunView | null): void;
}

const LEVELS: Readonly<Record<RunMessage['level'], string>> = {
  info: '',
  warning: t('Warning'),
  error: t('Problem'),
};

function verdict(state: CloudRunResult['state']): HTMLElement {
  switch (state) {
    case 'COMPLETED':
      return element('p', {}, t('✓ The update is complete.'));
    case 'FAILED':
      return element('p', { class: 'error' }, t('✗ The update failed.'));
    case 'CANCELED':
      return element('p', { class: 'warning-line' }, t('! The update was stopped.'));
    case 'LEFT':
      return element(
        'p',
        { class: 'warning-line' },
        t('! The update goes on there, and is not followed here any more.'),
      );
  }
}

const messageItem = (tag: 'li' | 'div', { level, text, at }: RunMessage): HTMLElement =>
  element(
    tag,
    { class: `level-${level}` },
    element('span', { class: 'time' }, moment(at)),
    ...(level === 'info' ? [] : [element('strong', {}, `${LEVELS[level]}: `)]),
    element('span', {}, text),
  );

export function createDeployRun(uses: {
  readonly onBrowse: (url: string) => void;
  readonly onOpenFile: OpenFile;
}): DeployRun {
  const root = element('section', { class: 'run', 'aria-labelledby': 'run' });
  const updates = element('ul', { class: 'updates' });
  const time = element('span', { class: 'time' });
  const grave = element('ul', { class: 'messages grave', 'aria-label': t('Errors and warnings of the run') });
  const log = element('div', {
    class: 'messages following',
    role: 'log',
    tabindex: '0',
    'aria-label': t('What the run says'),
  });
  const results = element('div', {});
  root.append(
    element('div', { class: 'run-head' }, element('h2', { id: 'run' }, t('Run')), time),
    updates,
    grave,
    results,
    log,
  );
  root.hidden = true;
  let shown: RunView | null = null;
  let painted = '';

  const tick = (): void => {
    if (!shown) return;
    const end = shown.endedAt === null ? Date.now() : Date.parse(shown.endedAt);
    const text = durationText(end - Date.parse(shown.startedAt));
    time.textContent = shown.fullRefresh ? `${text} · ${t('full refresh')}` : text;
  };
  setInterval(tick, 1000);

  const resultOf = ({ pipeline, state, rules, tables, errors }: CloudRunResult): HTMLElement =>
    element(
      'section',
      { class: 'result', 'aria-label': pipeline },
      element('h3', {}, pipeline),
      verdict(state),
      ...(errors.length > 0
        ? [
            element(
              'ul',
              { class: 'findings' },
              ...errors.map(({ message, dataset, file, line }) =>
                element(
                  'li',
                  { class: 'finding problem' },
                  element('span', { class: 'mark', 'aria-hidden': 'true' }, '✗'),
                  element(
                    'div',
                    { class: 'said' },
                    element(
                      'p',
                      { class: 'what' },
                      dataset === undefined ? message : `${dataset}: ${message}`,
                    ),
                    ...(file === undefined ? [] : [placeLink({ file, line: line ?? 1 }, uses.onOpenFile)]),
                  ),
                ),
              ),
            ),
          ]
        : []),
      ...(rules.length > 0
        ? [element('h3', {}, t('Rules, in this run')), rulesTable(rules, t('Rules, in this run'))]
        : []),
      ...(tables.length > 0 ? [element('h3', {}, t('Tables')), tablesTable(tables, t('Rows written'))] : []),
    );

  const append = (messages: readonly RunMessage[], before: readonly RunMessage[]): void => {
    // Kept are the last ones, so that what was shown may have been let go.
    const [first] = messages;
    const from = first && before[0]?.at === first.at && before[0].text === first.text ? before.length : 0;
    if (from === 0) log.replaceChildren();
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
    log.append(...messages.slice(from).map((one) => messageItem('div', one)));
    if (follows) log.scrollTop = log.scrollHeight;
    log.hidden = messages.length === 0;
    const serious = messages.filter(({ level }) => level !== 'info');
    const errorsFirst = serious.toSorted(
      (one, other) => Number(one.level === 'warning') - Number(other.level === 'warning'),
    );
    if (serious.length !== grave.childElementCount)
      grave.replaceChildren(...errorsFirst.map((one) => messageItem('li', one)));
    grave.hidden = serious.length === 0;
  };

  const show = (run: RunView | null): void => {
    root.hidden = run === null;
    if (!run) {
      shown = null;
      painted = '';
      return;
    }
    append(run.messages, shown?.startedAt === run.startedAt ? shown.messages : []);
    shown = run;
    tick();
    const now = JSON.stringify([run.updates, run.results]);
    if (now === painted) return;
    painted = now;
    const had = document.activeElement?.getAttribute('data-update');
    updates.replaceChildren(
      ...run.updates.map(({ pipeline, state, url, updateId }) => {
        const open = button(
          t('Open in browser'),
          () => {
            uses.onBrowse(url);
          },
          { class: 'link', 'aria-label': `${t('Open in browser')}: ${pipeline}` },
        );
        open.dataset['update'] = updateId;
        return element(
          'li',
          {},
          element('span', { class: 'name' }, pipeline),
          element('strong', { class: `state ${state}` }, state),
          open,
        );
      }),
    );
    if (had) updates.querySelector<HTMLElement>(`[data-update="${CSS.escape(had)}"]`)?.focus();
    results.replaceChildren(...(run.results ?? []).map(resultOf));
  };

  return { element: root, show };
}
