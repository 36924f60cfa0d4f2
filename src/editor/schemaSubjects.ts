/** What can be done to a subject, or to one version of it, in the tree. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { SubjectVersion } from '../core/schemas.ts';
import { placeOf } from './place.ts';
import { named } from './placeName.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { schemaUri } from './schemaDocument.ts';
import { targetOf } from './tree.ts';

interface Chosen {
  readonly subject: string;
  /** Undefined: the subject as a whole. */
  readonly version?: number;
}

function chosenOf(argument: unknown): Chosen | undefined {
  const target = targetOf(argument);
  if (target?.kind === 'subject') return { subject: target.name };
  if (target?.kind === 'schema') return { subject: target.subject, version: target.version };
  return undefined;
}

const label = ({ subject, version }: Chosen): string =>
  version === undefined ? subject : `${subject} v${version}`;

export async function compareSchema(room: Room, argument: unknown): Promise<void> {
  const chosen = chosenOf(argument);
  if (!chosen) return;
  const { subject, version } = chosen;
  const { cluster, connection } = placeOf(room, argument);
  const versions = await (await cluster.registry()).versions(subject);
  const index =
    version === undefined ? versions.length - 1 : versions.findIndex((one) => one.version === version);
  const [after, before] = [versions[index], versions[index - 1]];
  if (!after || !before) {
    throw new UserError('no-previous-version', t('{0} has no version before it.', label(chosen)));
  }
  const uri = (one: SubjectVersion): vscode.Uri => schemaUri(label(one), one.id, connection);
  const title = `${subject} v${before.version} ↔ v${after.version}`;
  await vscode.commands.executeCommand('vscode.diff', uri(before), uri(after), title);
}

export async function deleteSchema(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const chosen = chosenOf(argument);
  if (!chosen) return;
  const name = label(chosen);
  const place = placeOf(room, argument);
  const typed = await vscode.window.showInputBox({
    title: t('Delete {0}?', named(name, place)),
    prompt: t('Messages written with it can still be read. Type {0} to delete it.', name),
    ignoreFocusOut: true,
    validateInput: (text) => (text === name || text === '' ? undefined : t('It is called {0}.', name)),
  });
  if (typed !== name) throw new Cancelled();
  const registry = await place.cluster.registry();
  if (chosen.version === undefined) await registry.deleteSubject(chosen.subject);
  else await registry.deleteVersion(chosen.subject, chosen.version);
  room.dataChanged();
  void vscode.window.showInformationMessage(t('{0} is deleted.', name));
}
