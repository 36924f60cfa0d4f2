/** The lakehouse into a workspace: read the project and what is there, plan, apply, run. */
import type { CloudRunResult } from './cloudRun.ts';
import type { LakehousePlan } from './plan.ts';
import type { ApplyOptions, BundleProject, DeployOptions, DeployParts, RunCloudOptions } from './ports.ts';

export interface TargetSummary {
  readonly name: string;
  readonly mode?: 'development' | 'production';
  readonly isDefault: boolean;
  /** Origin, when the target names its workspace. */
  readonly host?: string;
}

/** For a choice before there is a login. Throws BundleError. */
export function targetsOf(project: BundleProject): Promise<readonly TargetSummary[]> {
  throw new Error(`not yet: ${project.folder}`);
}

/** A plan and what it takes to do it; the plan is all that is shown or saved. */
export interface PreparedDeploy {
  readonly plan: LakehousePlan;
}

/**
 * Writes nothing. Throws BundleError (`bad-yaml`, `no-bundle`, `unknown-target`, `no-value`, `unsupported`, …), UserError
 * `other-workspace`, `not-ours`, `cannot-change`, `newer-state`.
 */
export function planLakehouse(parts: DeployParts, options: DeployOptions): Promise<PreparedDeploy> {
  throw new Error(`not yet: ${parts.project.folder} ${String(options.target)}`);
}

export interface ApplyResult {
  /** Pipelines of the bundle that are there now: key → id. */
  readonly pipelines: Readonly<Record<string, string>>;
  readonly written: number;
}

/**
 * Does what the plan says, and nothing else; what is done is kept at each step, so that the next run goes on from there.
 * Throws UserError `locked`, `changed-meanwhile`, `would-delete`, and what the workspace refuses, with what was done.
 */
export function applyLakehouse(
  parts: DeployParts,
  prepared: PreparedDeploy,
  options: ApplyOptions,
): Promise<ApplyResult> {
  throw new Error(`not yet: ${parts.project.folder} ${prepared.plan.bundle} ${String(options.forceLock)}`);
}

/** Starts an update of each pipeline and follows it to its end. A failed update is a result, not an error. */
export function runPipelines(
  parts: DeployParts,
  prepared: PreparedDeploy,
  applied: ApplyResult,
  options: RunCloudOptions,
): Promise<readonly CloudRunResult[]> {
  throw new Error(
    `not yet: ${parts.project.folder} ${prepared.plan.bundle} ${applied.written} ${options.atCancel}`,
  );
}
