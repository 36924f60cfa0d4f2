/** A plan in words, for the terminal and the editor alike. */
import { t } from '../l10n.ts';
import type { Json } from '../databricks/ports.ts';
import { findingText } from './findings.ts';
import {
  countsOf,
  type ActionKind,
  type FieldChange,
  type LakehousePlan,
  type PlanAction,
  type ResourceType,
} from './plan.ts';

/** What a person calls it. */
export const typeText = (type: ResourceType): string =>
  ({
    folder: t('folder'),
    file: t('file'),
    schema: t('schema'),
    volume: t('volume'),
    secretScope: t('secret scope'),
    pipeline: t('pipeline'),
    job: t('job'),
  })[type];

/** One action as it is done. */
export function stepText(kind: ActionKind, type: ResourceType, name: string): string {
  const what = typeText(type);
  return {
    create: t('{0} {1} is new', what, name),
    update: t('{0} {1} is changed', what, name),
    delete: t('{0} {1} is deleted', what, name),
    release: t('{0} {1} is let go: it stays there', what, name),
    same: t('{0} {1} is the same', what, name),
  }[kind];
}

const SIGNS: Readonly<Record<ActionKind, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  release: '>',
  same: ' ',
};

const valueText = (value: Json | undefined): string =>
  value === undefined ? t('nothing') : JSON.stringify(value);

export function changeText({ path, before, after, drift }: FieldChange): string {
  const told =
    before === undefined && after === undefined
      ? path
      : `${path}: ${valueText(before)} -> ${valueText(after)}`;
  return drift ? `${told} (${t('changed there by somebody else')})` : told;
}

export function actionLines(action: PlanAction): readonly string[] {
  const { kind, type, name, changes, loses, overwrites } = action;
  const more = [loses, overwrites ? t('not deployed from here') : undefined].filter(
    (one) => one !== undefined,
  );
  const tail = more.length === 0 ? '' : ` (${more.join(', ')})`;
  return [
    `${SIGNS[kind]} ${stepText(kind, type, name)}${tail}`,
    ...changes.map((change) => `    ${changeText(change)}`),
  ];
}

/** `3 created, 1 changed, 12 the same` */
export function summaryText(plan: Pick<LakehousePlan, 'actions'>): string {
  const counts = countsOf(plan);
  const parts = [
    [counts.create, t('{0} created', counts.create)],
    [counts.update, t('{0} changed', counts.update)],
    [counts.delete, t('{0} deleted', counts.delete)],
    [counts.release, t('{0} let go', counts.release)],
    [counts.same, t('{0} the same', counts.same)],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([, text]) => text);
  return told.length === 0 ? t('There is nothing in it.') : told.join(', ');
}

export function planText(plan: LakehousePlan): string {
  const { bundle, target, mode, host, user, rootPath, actions, findings } = plan;
  const lines = actions.filter(({ kind, type }) => kind !== 'same' && type !== 'folder').flatMap(actionLines);
  return [
    t('{0}, target {1}, to {2} as {3}', bundle, mode ? `${target} (${mode})` : target, host, user),
    t('below {0}', rootPath),
    ...findings.flatMap((finding) => [
      `! ${findingText(finding)}`,
      ...(finding.hint === undefined ? [] : [`    ${finding.hint}`]),
    ]),
    ...lines,
    summaryText(plan),
  ].join('\n');
}
