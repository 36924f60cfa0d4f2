/** The page that deploys a lakehouse into a workspace, and its host. */
import type { CloudRunResult } from '../core/bundle/cloudRun.ts';
import type { Finding } from '../core/bundle/findings.ts';
import type { ActionKind, DeployMode, PlanCounts, ResourceType } from '../core/bundle/plan.ts';
import type { Colour } from '../core/connections.ts';
import type { HostCalls } from './page.ts';
import type { Failure } from './rpc.ts';

export type { CloudRunError, CloudRunResult } from '../core/bundle/cloudRun.ts';
export type { Finding, Place } from '../core/bundle/findings.ts';
export type { ActionKind, DeployMode, PlanCounts, ResourceType } from '../core/bundle/plan.ts';

/** Where the deployment goes. */
export interface DeployPlace {
  /** Name of the project's folder. */
  readonly project: string;
  readonly target: string;
  readonly mode: DeployMode | null;
  readonly workspace: {
    readonly name: string;
    readonly host: string;
    readonly colour: Colour;
    readonly production: boolean;
  };
  /** Values of variables that were asked here. */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

export interface FieldRow {
  readonly path: string;
  /** As text; null: nothing is there. */
  readonly before: string | null;
  /** Null: the bundle says nothing any more. */
  readonly after: string | null;
  /** Somebody else changed it there since it was last deployed. */
  readonly drift: boolean;
}

/** What a person must do before this may be done. */
export type Consent = 'none' | 'tick' | 'name';

export interface ActionRow {
  /** Unique in its plan. */
  readonly id: string;
  readonly kind: ActionKind;
  readonly type: ResourceType;
  readonly name: string;
  readonly url: string | null;
  readonly changes: readonly FieldRow[];
  /** What is lost with it. */
  readonly loses: string | null;
  readonly overwrites: boolean;
  readonly drift: boolean;
  readonly consent: Consent;
  /** Its change can be opened as a diff. */
  readonly hasDiff: boolean;
}

export interface ActionGroup {
  readonly type: ResourceType;
  readonly title: string;
  /** Folders are not counted. */
  readonly counts: PlanCounts;
  /** What changes. */
  readonly actions: readonly ActionRow[];
}

export interface PlanView {
  readonly number: number;
  readonly bundle: string;
  readonly user: string;
  readonly rootPath: string;
  readonly counts: PlanCounts;
  readonly isEmpty: boolean;
  /** Of what another made or changed, and would be lost. */
  readonly overwritten: number;
  readonly groups: readonly ActionGroup[];
  /** What must be agreed to on its own. */
  readonly deletions: readonly ActionRow[];
  readonly same: readonly ActionRow[];
}

/** `stopped`: not all was done. */
export type DeployPhase =
  'planning' | 'refused' | 'planned' | 'applying' | 'stopped' | 'running' | 'finished';
export type StepState = 'running' | 'done' | 'failed';

export interface RunMessage {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface RunningUpdate {
  readonly pipeline: string;
  readonly updateId: string;
  /** As the API names it. */
  readonly state: string;
  readonly url: string;
}

export interface RunView {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly fullRefresh: boolean;
  readonly updates: readonly RunningUpdate[];
  /** The oldest first; the last ones, where there are very many. */
  readonly messages: readonly RunMessage[];
  /** Null while it goes on, and when it could not be followed. */
  readonly results: readonly CloudRunResult[] | null;
}

export interface DeployState {
  readonly place: DeployPlace;
  readonly phase: DeployPhase;
  /** Number of the plan that is shown; null before there is one. */
  readonly plan: number | null;
  /** What is done now, in words; empty when nothing is. */
  readonly activity: string;
  readonly failure: Failure | null;
  /** Id of the action that failed. */
  readonly failedAt: string | null;
  readonly findings: readonly Finding[];
  /** Id → state; what is missing waits. */
  readonly steps: Readonly<Record<string, StepState>>;
  /** Files here changed since it was planned. */
  readonly stale: boolean;
  readonly runAfter: boolean;
  readonly run: RunView | null;
}

/** Id of an action → what was typed for it, or `true` for a tick. */
export type Consents = Readonly<Record<string, string | true>>;

export interface DeployRequest {
  /** Of the plan that was seen. */
  readonly plan: number;
  readonly consents: Consents;
  readonly fullRefresh: boolean;
}

export type DeployCalls = HostCalls & {
  readonly state: { readonly params: null; readonly result: DeployState };
  /** Null when it is not the newest any more. */
  readonly plan: { readonly params: { readonly number: number }; readonly result: PlanView | null };
  readonly planAgain: { readonly params: null; readonly result: null };
  /** Asks where it must, then applies. Answers when it has begun; false: the person gave it up. */
  readonly deploy: { readonly params: DeployRequest; readonly result: boolean };
  /** Plans again, and finishes what was agreed to. */
  readonly goOn: { readonly params: null; readonly result: null };
  /** Takes away the lock of another deployment, and goes on. False: the person gave it up. */
  readonly takeLock: { readonly params: null; readonly result: boolean };
  /** Of an update it asks whether that goes on there. */
  readonly cancel: { readonly params: null; readonly result: null };
  readonly savePlan: { readonly params: null; readonly result: { readonly path: string | null } };
  readonly changeTarget: { readonly params: null; readonly result: null };
  readonly changeWorkspace: { readonly params: null; readonly result: null };
  readonly changeVariables: { readonly params: null; readonly result: null };
  readonly setRunAfter: { readonly params: boolean; readonly result: null };
  /** Opens an address of this workspace in the browser. */
  readonly browse: { readonly params: { readonly url: string }; readonly result: null };
  /** What a file is there beside what it is here. */
  readonly diff: { readonly params: { readonly id: string }; readonly result: null };
  /** A file of the project. */
  readonly openFile: {
    readonly params: { readonly file: string; readonly line: number; readonly column?: number };
    readonly result: null;
  };
};
