/**
 * The JSON Schema that VS Code's JSON holds a document of messages against (`orders-messages://schema/messages.json`):
 * with the topics of the Kafka that all open ones go to, and of none where they go to several.
 */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { MessageSchema } from '../core/jsonSchema.ts';
import { messageFileSchema } from '../core/messageFileSchema.ts';
import { topicOf } from '../core/schemaFiles.ts';
import { MESSAGE_FILES } from './messageLenses.ts';
import { placeAt, type Place } from './place.ts';
import type { Room } from './room.ts';
import { sharedPlace } from './sharedPlace.ts';

/** As package.json names it. */
const URI = vscode.Uri.parse('orders-messages://schema/messages.json');
/** Topics whose schemas are looked up; more would make each completion slow. */
const MOST_TOPICS = 200;

/** Whether there is somebody to ask. */
export const answers = ({ sandbox }: Room): boolean =>
  sandbox.status?.state === 'running' || sandbox.status?.state === 'degraded';

const placeNow = (room: Room): Place | undefined =>
  sharedPlace(
    vscode.workspace.textDocuments
      .filter((document) => !document.isClosed && vscode.languages.match(MESSAGE_FILES, document) > 0)
      .map(({ uri }) => room.documentPlaces.of(uri)),
    placeAt(room, undefined),
  );

async function schemaNow(room: Room, { cluster }: Place): Promise<string> {
  const [broker, registry, encoder] = await Promise.all([
    cluster.broker(),
    cluster.registry(),
    cluster.messageEncoder(),
  ]);
  const [topics, subjects] = await Promise.all([broker.topics(), registry.subjects()]);
  const names = topics.filter(({ internal }) => !internal).map(({ name }) => name);
  const described = new Set(subjects.filter((subject) => /-(key|value)$/.test(subject)).map(topicOf));
  const schemas = await Promise.all(
    [...described].slice(0, MOST_TOPICS).map(async (topic): Promise<readonly MessageSchema[]> => {
      try {
        return [await encoder.messageSchema(topic)];
      } catch (error) {
        // One that cannot be read leaves its own topic without help, and no other.
        room.log.warn(`schema of ${topic}: ${messageOf(error)}`);
        return [];
      }
    }),
  );
  return JSON.stringify(messageFileSchema(names, schemas.flat()), null, 2);
}

export function provideMessageSchema(room: Room): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** What it was made for; null: the documents go to several. */
  const keyNow = (): string | null | undefined => {
    const place = placeNow(room);
    return place ? place.connection : null;
  };
  let key = keyNow();
  const fire = (): void => {
    key = keyNow();
    changed.fire(URI);
  };
  const fireWhereOther = (): void => {
    if (keyNow() !== key) fire();
  };
  return vscode.Disposable.from(
    changed,
    room.onDidChangeData(fire),
    room.sandbox.onDidChange(fire),
    room.documentPlaces.onDidChange(fireWhereOther),
    vscode.workspace.onDidOpenTextDocument(fireWhereOther),
    vscode.workspace.onDidCloseTextDocument(fireWhereOther),
    vscode.workspace.registerTextDocumentContentProvider(URI.scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async () => {
        try {
          const place = placeNow(room);
          if (place && (place.connection !== undefined || answers(room))) return await schemaNow(room, place);
        } catch (error) {
          // The tree shows what does not answer; here only the help is less.
          room.log.warn(`schema of messages: ${messageOf(error)}`);
        }
        return JSON.stringify(messageFileSchema([], []), null, 2);
      },
    }),
  );
}
