/** A schema of the registry as a read-only JSON document (`orders-schema:/NAME.json?ID`). */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Room } from './room.ts';
import { targetOf } from './tree.ts';

const SCHEME = 'orders-schema';

function formatted(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch (error) {
    // Protobuf schemas are no JSON: their text is shown as it is.
    if (error instanceof SyntaxError) return schema;
    throw error;
  }
}

export function provideSchemas(room: Room): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: async (uri) => {
      const registry = await room.lakehouse().registry();
      const found = await registry.schema(Number(uri.query));
      if (!found) throw new UserError('unknown-schema', t('The registry knows no schema {0}.', uri.query));
      return formatted(found.schema);
    },
  });
}

export async function openSchema(argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target?.kind !== 'schema') return;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${target.name}.json`, query: String(target.id) });
  await vscode.window.showTextDocument(uri, { preview: true });
}
