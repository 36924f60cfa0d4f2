import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Message } from '../../src/core/topics.ts';
import { until } from '../live/support/until.ts';
import { openFile } from './support.ts';

const TOPIC = `host-messages-${process.pid}`;
const SUBJECT = `${TOPIC}-value`;
const SCHEMA = {
  type: 'record',
  name: 'Line',
  fields: [
    { name: 'id', type: 'long', doc: 'Counts up.' },
    { name: 'on', type: { type: 'int', logicalType: 'date' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
  ],
};

describe('a document of messages', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });

  const marked = ({ uri }: vscode.TextDocument, own: boolean): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => (source === 'Orders Lakehouse') === own);
  const some = <T>(all: readonly T[]): readonly T[] | undefined => (all.length > 0 ? all : undefined);
  const replace = async (document: vscode.TextDocument, from: string, to: string): Promise<void> => {
    const start = document.getText().indexOf(from);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, to);
    await vscode.workspace.applyEdit(edit);
  };
  const messages = async (): Promise<readonly Message[]> => {
    const broker = await lakehouse.broker();
    const decoder = await lakehouse.decoder();
    const found: Message[] = [];
    for await (const batch of broker.read(TOPIC, { from: 'beginning' }, new AbortController().signal)) {
      found.push(...(await decoder.decode(batch)));
    }
    return found;
  };

  before(async () => {
    await (await lakehouse.registry()).register(SUBJECT, 'AVRO', JSON.stringify(SCHEMA));
    await (await lakehouse.topicAdmin()).create(TOPIC, { partitions: 1, configs: {} });
    await vscode.commands.executeCommand('ordersLakehouse.refresh');
  });
  after(async () => {
    await (await lakehouse.registry()).deleteSubject(SUBJECT, true);
    await (await lakehouse.topicAdmin()).remove(TOPIC);
    await lakehouse.close();
  });

  it('is marked where a value does not fit, by the encoder and by the editor, and sends once it does', async () => {
    const text = `// One.\n{ "topic": "${TOPIC}", "value": { "id": "7", "on": "2026-02-30", "kind": "C" } }\n`;
    const document = await openFile('bad.orders', text);
    assert.equal(document.languageId, 'jsonc');
    const found = await until('the marks', () => some(marked(document, true)));
    assert.deepEqual(
      found.map(({ range }) => document.getText(range)),
      ['"2026-02-30"', '"C"'],
    );
    assert.match(found[0]?.message ?? '', /^value\.on: a date as 2026-01-31 expected/);
    // What the editor's own JSON says, by the schema that is served to it.
    const json = await until("the editor's marks", () => some(marked(document, false)));
    assert.ok(
      json.some(({ range }) => document.getText(range) === '"C"'),
      JSON.stringify(json),
    );

    await vscode.commands.executeCommand('ordersLakehouse.sendMessages', document.uri, 0);
    assert.deepEqual(await messages(), []);

    await replace(document, '2026-02-30', '${today}');
    await replace(document, '"C"', '"${pick:B}"');
    await until('the end of the marks', () => vscode.languages.getDiagnostics(document.uri).length === 0);
    await vscode.commands.executeCommand('ordersLakehouse.sendMessages', document.uri, 0);
    const [message, ...more] = await messages();
    assert.equal(more.length, 0);
    assert.deepEqual(message?.value, { id: '7', on: new Date().toISOString().slice(0, 10), kind: 'B' });
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('offers to send each, and all of a list', async () => {
    const message = `{ "topic": "${TOPIC}", "value": null }`;
    const { uri } = await openFile('list.orders', `[\n${message},\n${message}\n]`);
    const lenses = await until('the offers', async () =>
      some(await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)),
    );
    const offers = lenses.map(({ range, command }) => `${range.start.line}: ${command?.title ?? ''}`);
    for (const offer of ['0: Send all (2)', '1: Send', '2: Send', '2: Send many…']) {
      assert.ok(offers.includes(offer), offers.join('\n'));
    }
  });

  it('begins with a sample of the topic, completed by its schema, which can be sent', async () => {
    await vscode.commands.executeCommand('ordersLakehouse.newMessage', TOPIC);
    const document = await until('the document', () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.uri.scheme === 'untitled' && shown.getText().includes(TOPIC) ? shown : undefined;
    });
    assert.equal(document.languageId, 'jsonc');
    const place = document.positionAt(document.getText().indexOf('"id"') + 2);
    await until('what the editor knows of a field', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        place,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((one) => (one as vscode.MarkdownString).value),
      );
      return texts.some((one) => one.includes('Counts up'));
    });
    const before = (await messages()).length;
    await vscode.commands.executeCommand('ordersLakehouse.sendMessages', document.uri);
    const all = await messages();
    assert.equal(all.length, before + 1);
    assert.equal((all.at(-1)?.value as { kind?: string }).kind, 'A');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
