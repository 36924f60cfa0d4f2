/** What a deployment of a lakehouse would do, as data: shown, printed, saved, and then done. */
import { t } from '../l10n.ts';
import type { Json } from '../databricks/ports.ts';
import type { Finding } from './findings.ts';
import { RESOURCE_TYPES, type ActionKind, type ResourceType } from './kinds.ts';

export { RESOURCE_TYPES, type ActionKind, type ResourceType };

export interface FieldChange {
  /** `tasks[refresh].max_retries`; of a file `content`. */
  readonly path: string;
  /** What is there; missing: nothing. Of a file nothing is told. */
  readonly before?: Json;
  /** What the bundle says; missing: it says nothing any more. */
  readonly after?: Json;
  /** Somebody else changed it there since it was last deployed. */
  readonly drift: boolean;
}

export interface PlanAction {
  readonly kind: ActionKind;
  readonly type: ResourceType;
  /** Of the bundle, such as `orders`; of a file its path in the project. */
  readonly key: string;
  /** What a person sees it as in the workspace; of a file its path there. */
  readonly name: string;
  /** Of what is there. */
  readonly id?: string;
  /** Where a browser shows it. */
  readonly url?: string;
  /** Of `update`; of the others empty. */
  readonly changes: readonly FieldChange[];
  /** What is lost with it, in words: a pipeline's tables, a job's history of runs. */
  readonly loses?: string;
  /** It was not deployed from here, or was changed there since. */
  readonly overwrites?: boolean;
}

export type DeployMode = 'development' | 'production';

export interface LakehousePlan {
  readonly version: 1;
  readonly bundle: string;
  readonly target: string;
  /** Missing: the target says none. */
  readonly mode?: DeployMode;
  readonly host: string;
  /** Who logged in. */
  readonly user: string;
  /** Folders of the workspace, with `/Workspace`. */
  readonly rootPath: string;
  readonly filePath: string;
  readonly actions: readonly PlanAction[];
  /** Warnings; an error is thrown before there is a plan. */
  readonly findings: readonly Finding[];
  /** Of all that the plan rests on, here and there: equal means that nothing moved. */
  readonly fingerprint: string;
}

export type PlanCounts = Readonly<Record<ActionKind, number>>;

/** Folders are counted as what they are: of no matter for a person. */
export function countsOf({ actions }: Pick<LakehousePlan, 'actions'>): PlanCounts {
  const counts = { create: 0, update: 0, delete: 0, release: 0, same: 0 };
  for (const { kind, type } of actions) if (type !== 'folder') counts[kind] += 1;
  return counts;
}

/** Whether anything there would change. */
export const isEmpty = ({ actions }: Pick<LakehousePlan, 'actions'>): boolean =>
  actions.every(({ kind }) => kind === 'same');

/** What must be agreed to on its own: nothing brings it back. */
export const deletions = ({ actions }: Pick<LakehousePlan, 'actions'>): readonly PlanAction[] =>
  actions.filter(({ kind, type }) => kind === 'delete' && (type === 'pipeline' || type === 'job'));

/** What another made or changed, and would be lost. */
export const overwritten = ({ actions }: Pick<LakehousePlan, 'actions'>): readonly PlanAction[] =>
  actions.filter(({ overwrites, changes }) => overwrites === true || changes.some(({ drift }) => drift));

/** A saved plan. Throws SyntaxError for what is none. */
export function parsePlan(text: string): LakehousePlan {
  const plan = JSON.parse(text) as Partial<LakehousePlan> | null;
  if (
    plan?.version !== 1 ||
    typeof plan.fingerprint !== 'string' ||
    typeof plan.target !== 'string' ||
    !Array.isArray(plan.actions)
  ) {
    throw new SyntaxError(t('This is no plan of a deployment.'));
  }
  return plan as LakehousePlan;
}
