/** A schema of a registry as a read-only JSON document (`orders-schema://CONNECTION/NAME.json?ID`). */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { prettySchema } from '../core/schemaFiles.ts';
import { placeAt } from './place.ts';
import type { Room } from './room.ts';
import { targetOf } from './tree.ts';

const SCHEME = 'orders-schema';

/** `connection` undefined: of the sandbox's registry. */
export const schemaUri = (name: string, id: number, connection: string | undefined): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, authority: connection ?? '', path: `/${name}.json`, query: String(id) });

export function provideSchemas(room: Room): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: async (uri) => {
      const { cluster } = placeAt(room, uri.authority === '' ? undefined : uri.authority);
      const registry = await cluster.registry();
      const found = await registry.schema(Number(uri.query));
      if (!found) throw new UserError('unknown-schema', t('The registry knows no schema {0}.', uri.query));
      return prettySchema(found.schema);
    },
  });
}

export async function openSchema(argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target?.kind !== 'schema') return;
  await vscode.window.showTextDocument(schemaUri(target.name, target.id, target.connection), {
    preview: true,
  });
}
