/** What VS Code loads: runs every test file beside it. */
import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { recordOutside } from './outside.ts';

export async function run(): Promise<void> {
  // Before the extension is activated, so that it shows what that does outside.
  if (vscode.extensions.getExtension('orders-lakehouse.orders-lakehouse')?.isActive) {
    throw new Error('the extension was activated before its tests could watch');
  }
  recordOutside();
  const mocha = new Mocha({ timeout: 120_000, reporter: 'spec', color: false });
  // What activation does can be seen only before anything else was done.
  const first = 'extension.test.cjs';
  const others = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs') && name !== first);
  for (const name of [first, ...others.sort()]) mocha.addFile(join(__dirname, name));
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
