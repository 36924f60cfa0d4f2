/** A run's result for people: the equation and the rules. */
import { t } from '../core/l10n.ts';
import type { RunResult } from '../core/pipeline.ts';
import { textTable } from './textTable.ts';

const text = (name: string) => ({ name, type: 'string' });
const number = (name: string) => ({ name, type: 'bigint' });

export function runText({ totals, thisRun, rules, equationHolds }: RunResult): string {
  const counts = textTable(
    [text(''), number('bronze'), number('silver'), number('quarantine'), number(t('duplicates'))],
    [
      [t('in all'), totals.bronze, totals.silver, totals.quarantine, totals.duplicates],
      [t('this run'), thisRun.bronze, thisRun.silver, thisRun.quarantine, thisRun.duplicates],
    ],
  );
  const { bronze, silver, quarantine, duplicates } = totals;
  const equation = `${bronze} ${equationHolds ? '=' : '≠'} ${silver} + ${quarantine} + ${duplicates}`;
  const verdict = equationHolds ? t('the equation holds') : t('THE EQUATION DOES NOT HOLD');
  const ruleTable = textTable(
    [text(t('rule')), text(t('table')), number(t('passed')), number(t('failed'))],
    rules.map((rule) => [rule.name, rule.dataset, rule.passed_records, rule.failed_records]),
  );
  return `${counts}\n\nbronze = silver + quarantine + ${t('duplicates')}: ${equation}  (${verdict})\n\n${ruleTable}`;
}
