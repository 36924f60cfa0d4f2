/** What the editor's parts share. `extension.ts` builds one. */
import type * as vscode from 'vscode';
import type { Lakehouse } from '../core/ports.ts';
import type { Connections } from './connections.ts';
import type { DocumentPlaces } from './documentPlaces.ts';
import type { NotebookMarks } from './notebookMarks.ts';
import type { NotebookMemory } from './notebookMemory.ts';
import type { Outside } from './outside.ts';
import type { RunState } from './runState.ts';
import type { SandboxWatch } from './sandboxWatch.ts';
import type { WarehouseChoices } from './warehouses.ts';
import type { Workspaces } from './workspaces.ts';

export interface Room {
  /** The sandbox of the settings as they are now. */
  lakehouse(): Lakehouse;
  /** Other Kafkas. */
  readonly connections: Connections;
  readonly documentPlaces: DocumentPlaces;
  /** Of Azure Databricks. */
  readonly workspaces: Workspaces;
  /** The SQL warehouse of each. */
  readonly warehouses: WarehouseChoices;
  /** What is remembered of the notebooks that go there. */
  readonly notebooks: NotebookMemory;
  readonly notebookMarks: NotebookMarks;
  readonly sandbox: SandboxWatch;
  readonly runState: RunState;
  readonly outside: Outside;
  readonly log: vscode.LogOutputChannel;
  readonly context: vscode.ExtensionContext;
  /** Topics or tables may have changed through something this window did. */
  readonly onDidChangeData: vscode.Event<void>;
  dataChanged(): void;
}
