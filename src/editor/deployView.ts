/** A plan as its page shows it; free of VS Code. */
import {
  countsOf,
  deletions,
  isEmpty,
  overwritten,
  RESOURCE_TYPES,
  type FieldChange,
  type LakehousePlan,
  type PlanAction,
  type ResourceType,
} from '../core/bundle/plan.ts';
import type { Json } from '../core/databricks/ports.ts';
import { t } from '../core/l10n.ts';
import type { ActionGroup, ActionRow, Consent, Consents, FieldRow, PlanView } from '../wire/deploy.ts';

export const idOf = ({ type, key }: Pick<PlanAction, 'type' | 'key'>): string => `${type}/${key}`;

const groupTitle = (type: ResourceType): string =>
  ({
    folder: t('Folders'),
    file: t('Files'),
    schema: t('Schemas'),
    volume: t('Volumes'),
    secretScope: t('Secret scopes'),
    pipeline: t('Pipelines'),
    job: t('Jobs'),
  })[type];

/** Characters of JSON that are read in one line. */
const ONE_LINE = 80;

/** Text as it is, anything else as JSON. */
function valueText(value: Json | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value);
  return text.length > ONE_LINE ? JSON.stringify(value, null, 2) : text;
}

const fieldRow = ({ path, before, after, drift }: FieldChange): FieldRow => ({
  path,
  before: valueText(before),
  after: valueText(after),
  drift,
});

function rowOf(action: PlanAction, consent: Consent): ActionRow {
  const { kind, type, name, url, changes, loses, overwrites } = action;
  return {
    id: idOf(action),
    kind,
    type,
    name: type === 'file' ? action.key : name,
    url: url ?? null,
    // Of a file only that it is another is known: its diff says more.
    changes: type === 'file' ? [] : changes.map(fieldRow),
    loses: loses ?? null,
    overwrites: overwrites === true,
    drift: changes.some(({ drift }) => drift),
    consent,
    hasDiff: type === 'file' && kind === 'update',
  };
}

/** A pipeline takes its tables with it. */
const consentOf = ({ type }: PlanAction): Consent => (type === 'pipeline' ? 'name' : 'tick');

function groupOf(
  plan: LakehousePlan,
  type: ResourceType,
  apart: ReadonlySet<PlanAction>,
): readonly ActionGroup[] {
  const all = plan.actions.filter((action) => action.type === type && !apart.has(action));
  const changing = all.filter(({ kind }) => kind !== 'same');
  if (changing.length === 0 || type === 'folder') return [];
  return [
    {
      type,
      title: groupTitle(type),
      counts: countsOf({ actions: all }),
      actions: changing.map((action) => rowOf(action, 'none')),
    },
  ];
}

/** The files last: there are many, and they say least. */
const SHOWN: readonly ResourceType[] = [...RESOURCE_TYPES.filter((type) => type !== 'file'), 'file'];

export function planView(plan: LakehousePlan, number: number): PlanView {
  const apart = new Set(deletions(plan));
  return {
    number,
    bundle: plan.bundle,
    user: plan.user,
    rootPath: plan.rootPath,
    counts: countsOf(plan),
    isEmpty: isEmpty(plan),
    overwritten: overwritten(plan).length,
    groups: SHOWN.flatMap((type) => groupOf(plan, type, apart)),
    deletions: [...apart].map((action) => rowOf(action, consentOf(action))),
    same: plan.actions
      .filter(({ kind, type }) => kind === 'same' && type !== 'folder')
      .map((action) => rowOf(action, 'none')),
  };
}

/** Whether all that must be agreed to on its own was. */
export const isAgreed = (plan: LakehousePlan, consents: Consents): boolean =>
  deletions(plan).every((action) => {
    const given = consents[idOf(action)];
    return consentOf(action) === 'name' ? given === action.name : given !== undefined;
  });

/** Of what another made, or what nothing brings back. */
const isRisky = ({ kind, overwrites, changes }: PlanAction): boolean =>
  kind === 'delete' || overwrites === true || changes.some(({ drift }) => drift);

/** Whether a plan does nothing but what another one would have done: what is left of it. */
export function isRestOf(rest: LakehousePlan, whole: LakehousePlan): boolean {
  if (rest.target !== whole.target || rest.host !== whole.host) return false;
  const agreed = new Map(whole.actions.map((action) => [idOf(action), action]));
  return rest.actions.every((action) => {
    if (action.kind === 'same') return true;
    const before = agreed.get(idOf(action));
    if (!before || before.kind === 'same') return false;
    // What was cut off while it was made may be there by now, and only has to be changed.
    return !isRisky(action) || (before.kind === action.kind && isRisky(before));
  });
}
