/** Marks in documents of messages: what would keep each from being sent, while it is written. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import { createFillings } from '../core/filling.ts';
import type { MessageDocument } from '../core/messageDocument.ts';
import { filledDraft } from '../core/messageTemplate.ts';
import { findingText, isBadMessage, type DraftFinding } from '../core/outgoing.ts';
import type { MessageEncoder } from '../core/ports.ts';
import type { Disposable } from './disposable.ts';
import { MESSAGE_FILES } from './messageLenses.ts';
import type { DocumentPlaces } from './documentPlaces.ts';
import { answers } from './messageSchema.ts';
import { createPauses } from './pauses.ts';
import type { Room } from './room.ts';

/** Milliseconds after the last key. */
const PAUSE = 300;
/** Milliseconds after which the registry is asked again. */
const ASK_AGAIN = 5000;
/** Characters; a larger document is checked when it is sent. */
const LARGEST = 1_000_000;

export interface MessageMarks extends Disposable {
  /** In the place of those of before; findings of each message, by its index. */
  set(
    document: vscode.TextDocument,
    parsed: MessageDocument,
    findings: ReadonlyMap<number, readonly DraftFinding[]>,
  ): void;
}

export function createMessageMarks(room: Room, places: DocumentPlaces): MessageMarks {
  const collection = vscode.languages.createDiagnosticCollection('orders-lakehouse-messages');
  const pauses = createPauses();
  interface Kept {
    readonly encoder: Promise<MessageEncoder>;
    readonly at: number;
  }
  /** By connection. */
  const kept = new Map<string | undefined, Kept>();

  const encoderFor = async ({ uri }: vscode.TextDocument): Promise<MessageEncoder | undefined> => {
    const { cluster, connection } = places.of(uri);
    if (connection === undefined && !answers(room)) return undefined;
    const known = kept.get(connection);
    if (known && Date.now() - known.at <= ASK_AGAIN) return known.encoder;
    const encoder = cluster.messageEncoder();
    kept.set(connection, { encoder, at: Date.now() });
    return encoder;
  };

  const set: MessageMarks['set'] = (document, parsed, findings) => {
    const marks = [...findings].flatMap(([index, found]) =>
      found.map((finding) => {
        const place = parsed.messages[index]?.placeOf(finding.path);
        const range = new vscode.Range(
          document.positionAt(place?.start ?? 0),
          document.positionAt(place?.end ?? 0),
        );
        const mark = new vscode.Diagnostic(range, findingText(finding), vscode.DiagnosticSeverity.Error);
        mark.source = 'Orders Lakehouse';
        return mark;
      }),
    );
    collection.set(document.uri, marks);
  };

  const check = async (document: vscode.TextDocument): Promise<void> => {
    const { version } = document;
    const text = document.getText();
    if (text.length > LARGEST) return;
    const parsed = (await room.lakehouse().messageFiles()).parse(text);
    // VS Code itself says where it is no JSON.
    if (parsed.problems.length > 0) return;
    const encoder = await encoderFor(document);
    const filling = createFillings();
    const findings = new Map<number, readonly DraftFinding[]>();
    for (const [index, message] of parsed.messages.entries()) {
      try {
        const draft = filledDraft(message.document, filling());
        await encoder?.encode(draft);
      } catch (error) {
        if (isBadMessage(error)) findings.set(index, error.findings);
        else room.log.debug(`check of ${document.uri.toString()}: ${messageOf(error)}`);
      }
    }
    if (document.version === version && !document.isClosed) set(document, parsed, findings);
  };
  const checkSoon = (document: vscode.TextDocument, pause = PAUSE): void => {
    if (vscode.languages.match(MESSAGE_FILES, document) === 0) return;
    const key = document.uri.toString();
    pauses.later(key, pause, () => {
      check(document).catch((error: unknown) => {
        room.log.warn(`check of ${key}: ${messageOf(error)}`);
      });
    });
  };
  const checkAll = (): void => {
    kept.clear();
    for (const document of vscode.workspace.textDocuments) checkSoon(document);
  };
  const subscriptions = [
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => {
      checkSoon(document, 0);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) checkSoon(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      pauses.drop(uri.toString());
      collection.delete(uri);
    }),
    room.onDidChangeData(checkAll),
    room.sandbox.onDidChange(checkAll),
    places.onDidChange(checkAll),
  ];
  checkAll();
  return {
    set,
    dispose: () => {
      pauses.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
