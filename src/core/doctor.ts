/** What a look at the machine finds, before or after something went wrong, and what can be done about it. */
import { t } from './l10n.ts';

/** What the product mends by itself. None of them touches a person's data. */
export const MENDS = ['leftovers', 'containers', 'engine', 'cache', 'images'] as const;
export type MendId = (typeof MENDS)[number];

/** What a button beside a finding does. */
export type Mend = { readonly label: string } & (
  | { readonly kind: 'mend'; readonly id: MendId }
  /** Opens a setting, named without `ordersLakehouse.`. */
  | { readonly kind: 'setting'; readonly name: string }
  /** Opens a page of somebody's documentation. */
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'command'; readonly id: 'start' | 'manageTrust' }
);

export interface Finding {
  /** Stable: the name of the check. One check may find several things. */
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'problem';
  readonly title: string;
  /** What was seen, in one line. */
  readonly evidence: string;
  /** What to do, or what can be done, about it. */
  readonly fix?: string;
  readonly mend?: Mend;
}

const ORDER: Readonly<Record<Finding['status'], number>> = { problem: 0, warning: 1, ok: 2 };

/** Problems, then warnings, then the rest, each in the order of the checks. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((one, other) => ORDER[one.status] - ORDER[other.status]);

/** The mends that stand in the way of a start: what only frees space is left to who asks for it by name. */
export const dueMends = (findings: readonly Finding[]): readonly MendId[] => [
  ...new Set(
    findings.flatMap(({ status, mend }) => (status !== 'ok' && mend?.kind === 'mend' ? [mend.id] : [])),
  ),
];

const MARKS: Readonly<Record<Finding['status'], string>> = { ok: '✓', warning: '!', problem: '✗' };

export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ status, title, evidence, fix, mend }) => {
      const command =
        mend?.kind === 'mend' ? [t('Do it: {0}', `orders-lakehouse doctor --mend ${mend.id}`)] : [];
      const lines = [...(fix === undefined ? [] : [fix]), ...command];
      return [`${MARKS[status]} ${title}: ${evidence}`, ...lines.map((line) => `    → ${line}`)].join('\n');
    })
    .join('\n');
}
