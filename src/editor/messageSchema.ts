/** The JSON Schema that VS Code's JSON holds a document of messages against (`orders-messages://schema/messages.json`). */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { MessageSchema } from '../core/jsonSchema.ts';
import { messageFileSchema } from '../core/messageFileSchema.ts';
import { topicOf } from '../core/schemaFiles.ts';
import type { Room } from './room.ts';

/** As package.json names it. */
const URI = vscode.Uri.parse('orders-messages://schema/messages.json');
/** Topics whose schemas are looked up; more would make each completion slow. */
const MOST_TOPICS = 200;

/** Whether there is somebody to ask. */
export const answers = ({ sandbox }: Room): boolean =>
  sandbox.status?.state === 'running' || sandbox.status?.state === 'degraded';

async function schemaNow(room: Room): Promise<string> {
  const lakehouse = room.lakehouse();
  const [broker, registry, encoder] = await Promise.all([
    lakehouse.broker(),
    lakehouse.registry(),
    lakehouse.messageEncoder(),
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
  const fire = (): void => {
    changed.fire(URI);
  };
  return vscode.Disposable.from(
    changed,
    room.onDidChangeData(fire),
    room.sandbox.onDidChange(fire),
    vscode.workspace.registerTextDocumentContentProvider(URI.scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async () => {
        try {
          if (answers(room)) return await schemaNow(room);
        } catch (error) {
          // The sandbox tree shows what does not answer; here only the help is less.
          room.log.warn(`schema of messages: ${messageOf(error)}`);
        }
        return JSON.stringify(messageFileSchema([], []), null, 2);
      },
    }),
  );
}
