import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import type { TreeNode } from '../../src/editor/tree.ts';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { allRows } from '../../src/core/catalog.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { until } from '../live/support/until.ts';
import { outsideCalls } from './outside.ts';
import { activated } from './support.ts';

const TOPIC = 'host-check';
const { signal } = new AbortController();

const named = (nodes: readonly TreeNode[], label: string): TreeNode => {
  const found = nodes.find((node) => node.label === label);
  assert.ok(found, `${label} among ${nodes.map((node) => node.label).join(', ')}`);
  return found;
};

describe('the trees of a running sandbox', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  let trees: Api['trees'];

  before(async () => {
    ({ trees } = await activated());
    const broker = await lakehouse.broker();
    await broker.ensureTopic(TOPIC, 2);
    const producer = await broker.producer();
    await producer.send(
      TOPIC,
      [1, 2, 3].map((index) => ({ key: Buffer.from(`key ${index}`), value: Buffer.from(`value ${index}`) })),
    );
    await producer.close();
    const registry = await lakehouse.registry();
    await registry.register(`${TOPIC}-value`, 'AVRO', '{"type":"record","name":"Check","fields":[]}');
    const tables = await lakehouse.tables();
    await allRows(tables, 'CREATE SCHEMA IF NOT EXISTS gold', signal);
    await allRows(
      tables,
      'CREATE OR REPLACE TABLE gold.host_check USING delta AS SELECT id, CAST(id AS decimal(18,2)) AS amount FROM range(7)',
      signal,
    );
  });
  after(async () => {
    await allRows(await lakehouse.tables(), 'DROP TABLE IF EXISTS gold.host_check', signal);
    await lakehouse.close();
  });

  it('show topics with their messages and partitions', async () => {
    const topic = named(await trees.topics.children(), TOPIC);
    assert.match(topic.description ?? '', /^\d+ messages$/);
    const partitions = await trees.topics.children(topic);
    assert.deepEqual(
      partitions.map(({ label }) => label),
      ['Partition 0', 'Partition 1'],
    );
    const total = partitions.reduce((sum, { description }) => sum + Number(description), 0);
    assert.equal(`${total} messages`, topic.description);
    // What the test of activation relies on: connections are seen.
    assert.ok(outsideCalls().length > 0);
  });

  it('show consumer groups with their lag, and where each is', async () => {
    const admin = await lakehouse.topicAdmin();
    const { partitions } = await admin.describe(TOPIC);
    // As one that had read all but the last message of each partition.
    const offsets = partitions.map(({ id, low, high }) => ({
      partition: id,
      offset: high === low ? high : String(BigInt(high) - 1n),
    }));
    await admin.commit(TOPIC, TOPIC, offsets);
    const behind = partitions.filter(({ low, high }) => low !== high).length;
    const group = named(
      await trees.topics.children(named(await trees.topics.children(), 'Consumer groups')),
      TOPIC,
    );
    assert.equal(group.description, `lag ${behind} · nobody reads`);
    assert.deepEqual(
      (await trees.topics.children(group)).map(({ label }) => label),
      [`${TOPIC} · Partition 0`, `${TOPIC} · Partition 1`],
    );
  });

  it('show the schemas of the registry, and open one', async () => {
    const schemas = named(await trees.topics.children(), 'Schemas');
    const subject = named(await trees.topics.children(schemas), `${TOPIC}-value`);
    const [version] = await trees.topics.children(subject);
    assert.ok(version);
    assert.equal(version.label, 'Version 1');
    await vscode.commands.executeCommand('ordersLakehouse.openSchema', version);
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.deepEqual(JSON.parse(text), { type: 'record', name: 'Check', fields: [] });
  });

  it('show layers, tables with their row counts, and columns with their types', async () => {
    const gold = named(await trees.lakehouse.children(), 'gold');
    const table = named(await trees.lakehouse.children(gold), 'host_check');
    await until('the row count', () => table.description === '7 rows');
    const columns = await trees.lakehouse.children(table);
    assert.deepEqual(
      columns.map(({ label, description }) => [label, description]),
      [
        ['id', 'bigint'],
        ['amount', 'decimal(18,2)'],
      ],
    );
  });

  it('count anew when a run ended in another process', async () => {
    await vscode.commands.executeCommand('ordersLakehouse.lakehouse.focus');
    const gold = named(await trees.lakehouse.children(), 'gold');
    const table = named(await trees.lakehouse.children(gold), 'host_check');
    await until('the row count', () => table.description === '7 rows');
    await allRows(await lakehouse.tables(), 'INSERT INTO gold.host_check VALUES (7, 7.00)', signal);
    // What a run leaves; one that cannot be read is taken for none by the next run.
    const stamp = join(lakehouse.home, 'data', 'last-run.json');
    writeFileSync(`${stamp}.part`, 'of a test');
    renameSync(`${stamp}.part`, stamp);
    await until('the new row count', () => table.description === '8 rows');
  });

  it('count the errors of a part, and open its log at them', async () => {
    const spark = async () => named(await trees.sandbox.children(), 'Spark');
    const errors = async (): Promise<number> =>
      Number(/(\d+) errors?/.exec((await spark()).description ?? '')?.[1] ?? 0);
    const before = await errors();
    await assert.rejects(allRows(await lakehouse.tables(), "SELECT raise_error('host check')", signal));
    await until('the new error', async () => (await errors()) > before);
    const { command } = await spark();
    assert.deepEqual(command?.arguments, ['spark', 'errors']);
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    await until('the tab of the log', () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Spark log')),
    );
  });

  it('open a topic and a table in tabs, each once', async () => {
    const titles = (): string[] =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    for (let time = 0; time < 2; time += 1) {
      await vscode.commands.executeCommand('ordersLakehouse.openTopic', TOPIC);
      await vscode.commands.executeCommand('ordersLakehouse.openTable', 'gold.host_check');
    }
    await until('both tabs', () => titles().includes(TOPIC) && titles().includes('gold.host_check'));
    assert.equal(titles().filter((title) => title === TOPIC).length, 1);
    assert.equal(titles().filter((title) => title === 'gold.host_check').length, 1);
  });

  it('copy the name of what they show', async () => {
    const topic = named(await trees.topics.children(), TOPIC);
    await vscode.commands.executeCommand('ordersLakehouse.copyName', topic);
    assert.equal(await vscode.env.clipboard.readText(), TOPIC);
  });
});
