import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { blankProfile } from '../../src/core/connections.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Api } from '../../src/extension.ts';
import { until } from '../live/support/until.ts';
import { activated, openFile } from './support.ts';

const TOPIC = `host-schemas-${process.pid}`;
const SUBJECT = `${TOPIC}-value`;
const PROTO = `host-protobuf-${process.pid}`;
const record = (...fields: unknown[]): string =>
  JSON.stringify({ type: 'record', name: 'Line', fields }, null, 2);
const NOTE = { name: 'note', type: ['null', 'string'], default: null };

/** Hands on to the registry what it is asked, and keeps it. */
function inFrontOf(registryUrl: string, asked: string[]): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = 'GET', url = '' } = request;
      asked.push(`${method} ${url}`);
      const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) };
      const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' };
      fetch(registryUrl + url, { method, headers, ...body })
        .then(async (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
        })
        .catch((error: unknown) => {
          response.writeHead(502).end(String(error));
        });
    });
  });
}

describe('a file with a schema', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });

  const marked = ({ uri }: vscode.TextDocument): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Orders Lakehouse');

  before(async () => {
    const registry = await lakehouse.registry();
    const id = await registry.register(SUBJECT, 'AVRO', record(NOTE));
    const broker = await lakehouse.broker();
    await broker.ensureTopic(TOPIC, 1);
    const producer = await broker.producer();
    const framedBy = (by: number, ...body: number[]): Buffer => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(by, 1);
      return Buffer.concat([head, Buffer.from(body)]);
    };
    // A note "n", and none.
    const values = [framedBy(id, 2, 2, 110), framedBy(id, 0)];
    await producer.send(
      TOPIC,
      values.map((value) => ({ key: null, value })),
    );
    const proto = await registry.register(
      `${PROTO}-value`,
      'PROTOBUF',
      'syntax = "proto3"; message M { string note = 1; int32 count = 2; }',
    );
    await broker.ensureTopic(PROTO, 1);
    // A count alone, then a note "n" with it.
    const lines = [framedBy(proto, 0, 16, 7), framedBy(proto, 0, 10, 1, 110, 16, 7)];
    await producer.send(
      PROTO,
      lines.map((value) => ({ key: null, value })),
    );
    await producer.close();
  });
  after(async () => {
    const registry = await lakehouse.registry();
    for (const subject of [SUBJECT, `${PROTO}-value`]) await registry.deleteSubject(subject, true);
    await lakehouse.close();
  });

  const titles = async (uri: vscode.Uri): Promise<readonly string[]> => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    return lenses.map(({ command }) => command?.title ?? '');
  };

  it('offers to check it against the subject of its name', async () => {
    const { uri } = await openFile(`${SUBJECT}.v2.avsc`, record(NOTE));
    const found = await until('the offers', async () => {
      const offered = await titles(uri);
      return offered.includes(`Check against ${SUBJECT}`) ? offered : undefined;
    });
    for (const title of ['Register…', 'Rehearse…', 'Another subject…'])
      assert.ok(found.includes(title), title);
  });

  it('is offered to be rehearsed in Protobuf and JSON Schema too', async () => {
    const files = {
      [`${PROTO}-value.proto`]: 'syntax = "proto3"; message M { string note = 1; }',
      [`${PROTO}-value.json`]: '{ "type": "object", "properties": {} }',
    };
    for (const [name, text] of Object.entries(files)) {
      const { uri } = await openFile(name, text);
      await until(`the offer of ${name}`, async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          uri,
        );
        return lenses.some(({ command }) => command?.title === 'Rehearse…');
      });
    }
  });

  it('is marked at the field that clashes, until it is changed', async () => {
    const document = await openFile(`${SUBJECT}.v3.avsc`, record({ name: 'shop', type: 'string' }));
    await vscode.commands.executeCommand('ordersLakehouse.checkSchema', document.uri);
    const [mark, ...more] = await until('the mark', () => {
      const found = marked(document);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(more.length, 0);
    assert.equal(mark && document.getText(mark.range), '"shop"');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '\n');
    await vscode.workspace.applyEdit(edit);
    await until('the end of the mark', () => marked(document).length === 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('is rehearsed: a report, and a mark at the field that cannot be read', async () => {
    const document = await openFile(`${SUBJECT}.v4.avsc`, record({ name: 'note', type: 'string' }));
    await vscode.commands.executeCommand('ordersLakehouse.rehearseSchema', document.uri);
    const report = await until('the report', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'orders-report'),
    );
    assert.match(report.getText(), /1 of 2 messages cannot be read/);
    assert.match(report.getText(), /0\/1\n/);
    assert.deepEqual(
      marked(document).map(({ range }) => document.getText(range)),
      ['"note"'],
    );
  });

  it('is rehearsed in Protobuf, with a mark at the field', async () => {
    const text = 'syntax = "proto3";\nmessage M {\n  int32 note = 1;\n  int32 count = 2;\n}\n';
    const document = await openFile(`${PROTO}-value.v2.proto`, text);
    await vscode.commands.executeCommand('ordersLakehouse.rehearseSchema', document.uri);
    const marks = await until('the mark', () => {
      const found = marked(document);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      marks.map(({ range, severity }) => [range.start.line, document.getText(range), severity]),
      [[2, 'note', vscode.DiagnosticSeverity.Error]],
    );
    const report = vscode.workspace.textDocuments.find(
      (one) => one.uri.scheme === 'orders-report' && one.getText().includes(PROTO),
    );
    assert.match(report?.getText() ?? '', /1 of 2 messages cannot be read/);
    assert.match(report?.getText() ?? '', / 0\/1\n/);
  });

  describe('beside connections', () => {
    const asked: string[] = [];
    let api: Api;
    let server: Server;
    let id: string;

    before(async () => {
      api = await activated();
      const { bootstrap, registryUrl } = await lakehouse.endpoints();
      server = inFrontOf(registryUrl, asked);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      id = 'host-schemas-connection';
      await api.room.connections.save({
        profile: {
          ...blankProfile(id),
          name: 'Squad',
          bootstrap: [bootstrap],
          tls: null,
          sasl: null,
          registry: { url, login: { kind: 'none' }, tls: null },
        },
        secrets: {},
      });
    });
    after(async () => {
      await api.room.connections.remove(id);
      server.closeAllConnections();
      server.close();
    });

    it('is for the registry that was chosen for it, and is checked against that', async () => {
      const { uri } = await openFile(`${SUBJECT}.v5.avsc`, record(NOTE));
      assert.equal((await titles(uri))[0], 'Registry: Sandbox');
      await vscode.commands.executeCommand('ordersLakehouse.checkSchema', uri);
      assert.equal(asked.length, 0);
      await api.room.documentPlaces.set(uri, id);
      assert.equal((await titles(uri))[0], 'Registry: Squad');
      await vscode.commands.executeCommand('ordersLakehouse.checkSchema', uri);
      assert.ok(
        asked.some((one) => one.startsWith(`POST /compatibility/subjects/${SUBJECT}/`)),
        asked.join('\n'),
      );
    });

    it('asks a registry for its subjects once, however often it is typed in', async () => {
      const document = await openFile(`${SUBJECT}.v6.avsc`, record(NOTE));
      asked.length = 0;
      await api.room.documentPlaces.set(document.uri, id);
      for (let key = 0; key < 10; key += 1) {
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, new vscode.Position(0, 0), '\n');
        await vscode.workspace.applyEdit(edit);
        assert.equal((await titles(document.uri))[1], `Check against ${SUBJECT}`);
      }
      assert.deepEqual(asked, ['GET /subjects']);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    it("goes back to the sandbox's, which is offered first", async () => {
      const { uri } = await openFile(`${SUBJECT}.v7.avsc`, record(NOTE));
      await api.room.documentPlaces.set(uri, id);
      let chosen = false;
      const work = vscode.commands.executeCommand('ordersLakehouse.chooseSchemaPlace', uri).then(() => {
        chosen = true;
      });
      await until('the answer', async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return chosen || undefined;
      });
      await work;
      assert.equal(api.room.documentPlaces.of(uri).connection, undefined);
      assert.equal((await titles(uri))[0], 'Registry: Sandbox');
    });
  });
});
