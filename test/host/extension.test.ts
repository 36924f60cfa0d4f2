import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { until } from '../live/support/until.ts';
import { outsideCalls } from './outside.ts';

const ID = 'orders-lakehouse.orders-lakehouse';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>(ID);
  assert.ok(found, `${ID} is not installed`);
  return found;
}

describe('the extension in VS Code', () => {
  let api: Api;
  before(async () => {
    api = await extension().activate();
  });

  it('activates without a connection and without starting a process', () => {
    assert.deepEqual(outsideCalls(), []);
  });

  it('registers every command of its manifest', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const { commands } = (extension().packageJSON as Manifest).contributes;
    assert.ok(commands.length > 15);
    assert.deepEqual(
      commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  it('runs where the workspace is', () => {
    assert.equal(extension().extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('finds a sandbox that something else started, with its parts, memory and addresses', async () => {
    const parts = await until('the running sandbox', async () => {
      const found = await api.trees.sandbox.children();
      return api.room.sandbox.status?.state === 'running' ? found : undefined;
    });
    assert.deepEqual(
      parts.map(({ label }) => label),
      ['Kafka', 'Schema Registry', 'Spark'],
    );
    for (const part of parts) {
      await until(`the processor of ${part.label}`, async () => {
        const now = (await api.trees.sandbox.children()).find(({ label }) => label === part.label);
        return /^[\d,]+ MiB · \d+ %( ·|$)/.test(now?.description ?? '');
      });
      const addresses = await api.trees.sandbox.children(part);
      assert.ok(addresses.length > 0);
      for (const address of addresses) assert.match(address.label, /^127\.0\.0\.1:\d+$/);
    }
  });

  it('follows its settings: another home is another sandbox', async () => {
    const settings = vscode.workspace.getConfiguration('ordersLakehouse');
    const before = api.room.sandbox.status?.home;
    await settings.update('home', '/nowhere/orders lakehouse ção', vscode.ConfigurationTarget.Global);
    try {
      await until('the other home', () => api.room.sandbox.status?.home.startsWith('/nowhere'));
      assert.equal(api.room.sandbox.status?.state, 'stopped');
      assert.deepEqual(await api.trees.sandbox.children(), []);
      assert.deepEqual(await api.trees.topics.children(), []);
      assert.deepEqual(await api.trees.lakehouse.children(), []);
    } finally {
      await settings.update('home', undefined, vscode.ConfigurationTarget.Global);
    }
    await until('the first home again', () => api.room.sandbox.status?.home === before);
  });
});
