/** What every page may ask of its host. */
import * as vscode from 'vscode';
import type { HostCalls } from '../wire/page.ts';
import type { Handlers } from '../wire/rpc.ts';

/** `commands` are those that this page may run. */
export function hostCalls(commands: readonly string[]): Handlers<HostCalls> {
  return {
    copy: async (text) => {
      await vscode.env.clipboard.writeText(text);
      return null;
    },
    command: async ({ id, args = [] }) => {
      if (!commands.includes(id)) throw new Error(`a page may not run ${id}`);
      await vscode.commands.executeCommand(id, ...args);
      return null;
    },
  };
}
