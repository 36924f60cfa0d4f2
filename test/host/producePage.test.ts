import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../live/support/until.ts';

const tabs = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('ordersLakehouse.producePage'),
    );
const labels = (): readonly string[] => tabs().map(({ label }) => label);

describe('the produce page in VS Code', () => {
  afterEach(() => vscode.window.tabGroups.close(tabs()));

  it('opens on the topic that it is asked for, and goes to another one in the same tab', async () => {
    await vscode.commands.executeCommand('ordersLakehouse.producePage', { kind: 'topic', name: 'payments' });
    await until('the page', () => labels()[0] === 'Produce to payments');
    await vscode.commands.executeCommand('ordersLakehouse.producePage', 'orders-json');
    await until('the other topic', () => labels()[0] === 'Produce to orders-json');
    await vscode.commands.executeCommand('ordersLakehouse.producePage');
    await until('the orders', () => labels()[0] === 'Produce to orders');
    assert.equal(tabs().length, 1);
  });
});
