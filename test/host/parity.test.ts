import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../live/support/until.ts';
import { openFile } from './support.ts';

const MODULE = 'kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule';
const FAULTY = `from pyspark import pipelines as dp

LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@dp.table
def orders():
    lines = spark.readStream.table("bronze.orders")
    print(lines.count())
    return lines
`;
const BUNDLE = `resources:
  pipelines:
    orders:
      configuration:
        orders.kafka.bootstrap: 127.0.0.1:9092
`;

describe('a lakehouse project in the editor', () => {
  const marked = ({ uri }: vscode.TextDocument): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Orders Lakehouse');
  const codes = (document: vscode.TextDocument): readonly unknown[] =>
    marked(document).map(({ code }) => (typeof code === 'object' ? code.value : code));
  const all = (document: vscode.TextDocument, count: number): Promise<readonly vscode.Diagnostic[]> =>
    until(`${count} marks`, () => {
      const found = marked(document);
      return found.length === count ? found : undefined;
    });

  const setting = async (section: string, name: string, value: unknown): Promise<void> =>
    vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    await setting('files', 'autoSave', 'off');
    await openFile('checked/databricks.yml', 'bundle:\n  name: orders\n');
  });
  after(async () => {
    await setting('ordersLakehouse', 'deploy.check', undefined);
    await setting('files', 'autoSave', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is marked where it would not work there, with what mends it and a page that says why', async () => {
    const document = await openFile('checked/transformations/orders.py', FAULTY);
    const found = await all(document, 2);
    assert.deepEqual(codes(document), ['login-class', 'imperative-call']);
    const [login, count] = found;
    assert.ok(login && count);
    assert.equal(document.getText(login.range), MODULE.replace('kafkashaded.', ''));
    assert.equal(document.getText(count.range), 'count');
    assert.equal(login.severity, vscode.DiagnosticSeverity.Error);
    assert.ok(typeof login.code === 'object');
    assert.equal(login.code.target.authority, 'learn.microsoft.com');

    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      login.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = fixes.find(({ title }) => title === `Write ${MODULE}`);
    assert.ok(fix?.edit, JSON.stringify(fixes));
    await vscode.workspace.applyEdit(fix.edit);
    assert.ok(document.getText().includes(`LOGIN = "${MODULE} required"`));
    // Nothing was saved: what is typed is what is checked.
    await all(document, 1);
    assert.deepEqual(codes(document), ['imperative-call']);
    assert.ok(document.isDirty);
    await document.save();
  });

  it('marks the bundle too, and only what is in a project', async () => {
    const bundle = await openFile('checked/resources/orders.pipeline.yml', BUNDLE);
    const [address] = await all(bundle, 1);
    assert.ok(address);
    assert.equal(bundle.getText(address.range), '127.0.0.1:9092');
    const outside = await openFile('elsewhere/orders.py', FAULTY);
    const inside = await openFile('checked/transformations/more.py', 'import nothing_there\n');
    await all(inside, 1);
    assert.deepEqual(marked(outside), []);
  });

  it('can be switched off', async () => {
    const document = await openFile('checked/transformations/other.py', 'import nothing_there\n');
    await all(document, 1);
    await setting('ordersLakehouse', 'deploy.check', false);
    await all(document, 0);
    await setting('ordersLakehouse', 'deploy.check', true);
    await all(document, 1);
  });
});
