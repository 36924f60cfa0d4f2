/** Adding, importing, changing and forgetting connections. */
import * as vscode from 'vscode';
import { blankProfile, type ConnectionProfile } from '../core/connections.ts';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, mustAgree } from './ask.ts';
import { showConnection } from './connectionPanel.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { targetOf } from './tree.ts';

async function chosenConnection(room: Room, argument: unknown): Promise<ConnectionProfile> {
  if (typeof argument === 'string') return room.connections.get(argument);
  const target = targetOf(argument);
  if (target?.kind === 'connection') return room.connections.get(target.connection);
  const all = room.connections.list();
  if (all.length === 0) {
    throw new UserError('no-connection', t('There is no connection yet.'), {
      action: { title: t('Add a connection'), command: 'ordersLakehouse.addConnection' },
    });
  }
  return askOne(
    all.map((profile) => ({
      label: profile.name,
      description: profile.bootstrap.join(', '),
      value: profile,
    })),
    { placeHolder: t('Which connection?') },
  );
}

export function addConnection(room: Room, panels: Panels): void {
  mustBeTrusted();
  showConnection(room, panels, { profile: blankProfile(crypto.randomUUID()), secrets: {} });
}

export async function editConnection(room: Room, panels: Panels, argument: unknown): Promise<void> {
  showConnection(room, panels, { profile: await chosenConnection(room, argument), secrets: {} });
}

/** Another of the same kind; it has no secrets. */
export async function copyConnection(room: Room, panels: Panels, argument: unknown): Promise<void> {
  const profile = await chosenConnection(room, argument);
  showConnection(room, panels, {
    profile: { ...profile, id: crypto.randomUUID(), name: t('{0} (copy)', profile.name) },
    secrets: {},
  });
}

export async function removeConnection(room: Room, argument: unknown): Promise<void> {
  const { id, name } = await chosenConnection(room, argument);
  await mustAgree(t('Forget the connection {0} and its secrets?', name), t('Forget'), [
    t('Nothing is deleted in Kafka.'),
  ]);
  await room.connections.remove(id);
}

async function importFile(room: Room, panels: Panels, given: unknown): Promise<void> {
  const [file] =
    given instanceof vscode.Uri
      ? [given]
      : ((await vscode.window.showOpenDialog({
          title: t('Import a client.properties'),
          openLabel: t('Import'),
          filters: { [t('Properties')]: ['properties', 'config', 'conf', 'cfg'], [t('All files')]: ['*'] },
        })) ?? []);
  if (!file) throw new Cancelled();
  const { left, ...draft } = await room.outside.readClientProperties(file.fsPath);
  showConnection(room, panels, draft, left);
}

async function importConfluent(room: Room, panels: Panels): Promise<void> {
  const found = await room.outside.readConfluentCli();
  if (found.length === 0) {
    throw new UserError('no-confluent', t('The Confluent CLI keeps no Kafka cluster on this machine.'), {
      hint: t('Choose one there first: confluent kafka cluster use lkc-…'),
    });
  }
  const draft = await askOne(
    found.map((one) => ({
      label: one.profile.name,
      description: one.profile.bootstrap.join(', '),
      detail:
        one.secrets.password === undefined ? t('Its secret is encrypted there: it must be typed here.') : '',
      value: one,
    })),
    { placeHolder: t('Which cluster?') },
  );
  showConnection(room, panels, draft);
}

/** The argument may be the address of a file. */
export async function importConnection(room: Room, panels: Panels, argument: unknown): Promise<void> {
  mustBeTrusted();
  if (argument instanceof vscode.Uri) return importFile(room, panels, argument);
  const from = await askOne(
    [
      { label: t('A client.properties…'), description: t('as Kafka clients take it'), value: importFile },
      { label: t('The Confluent CLI'), description: '~/.confluent', value: importConfluent },
    ],
    { placeHolder: t('Import a connection from') },
  );
  await from(room, panels, undefined);
}
