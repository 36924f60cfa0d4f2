import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { until } from '../live/support/until.ts';

const tabs = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('ordersLakehouse.doctorPage'),
    );

describe('the doctor in VS Code', () => {
  const settings = () => vscode.workspace.getConfiguration('ordersLakehouse');
  const set = (name: string, value: unknown) =>
    settings().update(name, value, vscode.ConfigurationTarget.Global);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-host-doctor-'));
  });
  after(async () => {
    for (const name of ['home', 'runtime', 'ports.kafka']) await set(name, undefined);
    await vscode.window.tabGroups.close(tabs());
    await vscode.commands.executeCommand('notifications.clearAll');
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes by itself when a start fails, once however often it fails', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      await set('home', folder);
      await set('runtime', 'embedded');
      await set('ports.kafka', port);
      assert.deepEqual(tabs(), []);
      for (let attempt = 0; attempt < 2; attempt++) {
        await vscode.commands.executeCommand('ordersLakehouse.start');
        await until('the page', () => tabs().length > 0);
        assert.deepEqual(
          tabs().map(({ label }) => label),
          ['Doctor'],
        );
      }
    } finally {
      taken.close();
    }
  });
});
