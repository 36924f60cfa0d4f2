/** The work behind a deployment's page: core's, on the project, the target and the workspace that are chosen when it begins. */
import type * as vscode from 'vscode';
import { applyLakehouse } from '../core/bundle/applyLakehouse.ts';
import { planLakehouse, type PreparedDeploy } from '../core/bundle/planLakehouse.ts';
import type { DeployParts } from '../core/bundle/ports.ts';
import type { TargetSummary } from '../core/bundle/readBundle.ts';
import { runPipelines } from '../core/bundle/runPipelines.ts';
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { isCancelled } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { eventText, isFleeting } from '../core/eventText.ts';
import { parityGate } from '../core/parity/gate.ts';
import { askVariables, variablesOf } from './deployChoices.ts';
import type { DeployWork } from './deploySession.ts';
import { missingVariables } from './deployVariables.ts';
import type { Room } from './room.ts';

/** Milliseconds after a cancel in which the lock is given back, and an update stopped. */
const CLOSING = 15_000;

export type DeployRoom = Pick<Room, 'workspaces' | 'outside' | 'context' | 'log'>;

export interface DeployChoice {
  readonly folder: vscode.Uri;
  readonly target: TargetSummary;
  readonly workspace: WorkspaceProfile;
}

async function partsOf(
  room: DeployRoom,
  { folder, workspace }: DeployChoice,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<DeployParts> {
  const told: OnEvent = (event) => {
    const text = eventText(event);
    if (text !== undefined && !isFleeting(event)) room.log.info(text);
    onEvent(event);
  };
  const closing = new AbortController();
  signal.addEventListener('abort', () => {
    setTimeout(() => {
      closing.abort();
    }, CLOSING);
  });
  const last = await room.workspaces.open(workspace.id, () => undefined, closing.signal);
  return {
    project: await room.outside.bundleProject(folder.fsPath),
    workspace: await room.workspaces.open(workspace.id, told, signal),
    closing: () => last,
    onEvent: told,
    signal,
    gate: async () => parityGate(await room.outside.parity(), folder.fsPath, { signal }),
  };
}

export function createDeployWork(room: DeployRoom, choice: () => DeployChoice): DeployWork<PreparedDeploy> {
  return {
    plan: async (onEvent, signal) => {
      for (;;) {
        const { folder, target } = choice();
        const variables = variablesOf(room, folder, target.name);
        try {
          const parts = await partsOf(room, choice(), onEvent, signal);
          return await planLakehouse(parts, { target: target.name, variables });
        } catch (error) {
          const missing = missingVariables(error);
          if (missing.length === 0) throw error;
          await askVariables(room, folder, target.name, missing).catch((gaveUp: unknown) => {
            // What is missing stands on the page then.
            throw isCancelled(gaveUp) ? error : gaveUp;
          });
        }
      }
    },
    apply: async (prepared, options, onEvent, signal) =>
      applyLakehouse(await partsOf(room, choice(), onEvent, signal), prepared, options),
    run: async (prepared, applied, options, onEvent, signal) =>
      runPipelines(await partsOf(room, choice(), onEvent, signal), prepared, applied, options),
  };
}
