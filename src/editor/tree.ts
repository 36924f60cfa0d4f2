/** A tree whose nodes load their children when opened. */
import * as vscode from 'vscode';
import { isCancelled, isUserError, messageOf } from '../core/errors.ts';
import type { Disposable } from './disposable.ts';

/** Whose it is. */
interface OfCluster {
  /** Id of the connection; missing for the sandbox. */
  readonly connection?: string;
  /** Nothing may be written there. */
  readonly readOnly?: boolean;
}

/** What a command gets when it is called on a node. */
export type Target =
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'address'; readonly name: string }
  | {
      readonly kind: 'connection';
      readonly name: string;
      readonly connection: string;
      readonly readOnly?: boolean;
    }
  | ({ readonly kind: 'topic'; readonly name: string } & OfCluster)
  | ({ readonly kind: 'subject'; readonly name: string } & OfCluster)
  | ({
      readonly kind: 'schema';
      readonly name: string;
      readonly id: number;
      readonly subject: string;
      readonly version: number;
    } & OfCluster)
  | ({ readonly kind: 'group'; readonly name: string } & OfCluster)
  | { readonly kind: 'workspace'; readonly name: string; readonly workspace: string }
  /** `workspace`: id of the one it is in; missing for the sandbox's. */
  | { readonly kind: 'table'; readonly name: string; readonly workspace?: string }
  | {
      readonly kind: 'pipeline' | 'job';
      readonly name: string;
      readonly id: string;
      readonly workspace: string;
    }
  | {
      readonly kind: 'update';
      readonly name: string;
      readonly workspace: string;
      /** Id of its pipeline. */
      readonly pipeline: string;
    }
  | {
      readonly kind: 'cloudRun' | 'cloudRun.running';
      readonly name: string;
      readonly id: string;
      readonly url: string;
      readonly workspace: string;
    }
  | { readonly kind: 'column'; readonly name: string };

export interface TreeNode {
  /** Stable and unique in its tree, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string | vscode.MarkdownString;
  readonly icon?: vscode.ThemeIcon;
  /** For a screen reader, where the label alone would not do. */
  readonly spoken?: string;
  readonly command?: vscode.Command;
  readonly target?: Target;
  readonly expanded?: boolean;
  readonly children?: () => readonly TreeNode[] | Promise<readonly TreeNode[]>;
}

export interface Tree extends Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  /** All of it, or one node whose properties changed. */
  readonly refresh: (node?: TreeNode) => void;
  /** What is shown below a node, or at the top. */
  readonly children: (node?: TreeNode) => Promise<TreeNode[]>;
}

function toItem(node: TreeNode): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(node.label, node.children ? (node.expanded ? Expanded : Collapsed) : None);
  item.id = node.id;
  if (node.description !== undefined) item.description = node.description;
  if (node.tooltip !== undefined) item.tooltip = node.tooltip;
  if (node.icon) item.iconPath = node.icon;
  if (node.command) item.command = node.command;
  if (node.target) {
    const { kind } = node.target;
    item.contextValue = 'readOnly' in node.target && node.target.readOnly ? `${kind}.readOnly` : kind;
  }
  if (node.spoken !== undefined) item.accessibilityInformation = { label: node.spoken };
  return item;
}

function failure(parent: string, error: unknown): TreeNode {
  const message = messageOf(error);
  const { hint, action } = isUserError(error) ? error : {};
  const node: TreeNode = {
    id: `${parent}/failure`,
    label: message,
    tooltip: hint === undefined ? message : `${message}\n${hint}`,
    icon: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  };
  if (!action) return node;
  // The label may be cut: what a click does stands in front of it.
  return {
    ...node,
    label: `${action.title}: ${message}`,
    command: { title: action.title, command: action.command, arguments: [...(action.args ?? [])] },
  };
}

export function createTree(
  viewId: string,
  log: vscode.LogOutputChannel,
  roots: () => readonly TreeNode[] | Promise<readonly TreeNode[]>,
): Tree {
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  const children = async (node?: TreeNode): Promise<TreeNode[]> => {
    try {
      return [...((await (node ? node.children?.() : roots())) ?? [])];
    } catch (error) {
      if (isCancelled(error)) return [];
      log.warn(`${viewId}: ${messageOf(error)}`);
      return [failure(node?.id ?? viewId, error)];
    }
  };
  const view = vscode.window.createTreeView<TreeNode>(viewId, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: toItem,
      getChildren: children,
    },
    showCollapseAll: true,
  });
  return {
    view,
    children,
    refresh: (node) => {
      changed.fire(node);
    },
    dispose: () => {
      view.dispose();
      changed.dispose();
    },
  };
}

/** The target among the arguments of a command: a node of a tree, or the target itself. */
export function targetOf(argument: unknown): Target | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('target' in argument) return targetOf(argument.target);
  return 'kind' in argument && 'name' in argument ? (argument as Target) : undefined;
}

/** A topic as the argument of a command. */
export const topicTarget = (connection: string | undefined, name: string): Target => ({
  kind: 'topic',
  name,
  ...(connection === undefined ? {} : { connection }),
});
