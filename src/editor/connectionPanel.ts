/** The form of a connection: its host keeps what is secret, and tells the page only that it is there. */
import * as vscode from 'vscode';
import type { ImportedConnection } from '../core/clientProperties.ts';
import {
  accessOf,
  findingsOf,
  SECRETS,
  withAddresses,
  type ConnectionDraft,
  type Finding,
} from '../core/connections.ts';
import { t } from '../core/l10n.ts';
import type { ConnectionCalls } from '../wire/connection.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';

export function showConnection(
  room: Room,
  panels: Panels,
  draft: ConnectionDraft,
  left: ImportedConnection['left'] = [],
): void {
  const { id } = draft.profile;
  const key = `connection/${id}`;
  const isNew = !room.connections.list().some((one) => one.id === id);
  const findings = (profile: ConnectionDraft['profile']): readonly Finding[] =>
    findingsOf(
      profile,
      room.connections.list().flatMap((one) => (one.id === id ? [] : [one.name])),
    );
  /** What the page does not know: secrets that came with a file. */
  const withGiven = (asked: ConnectionDraft): ConnectionDraft => ({
    profile: withAddresses({ ...asked.profile, id }),
    secrets: { ...draft.secrets, ...asked.secrets },
  });
  panels.show<ConnectionCalls>(key, () => ({
    page: 'connectionPage',
    title: isNew ? t('New connection') : t('Connection {0}', draft.profile.name),
    handlers: {
      ...hostCalls([]),
      opened: async () => {
        const known = new Set([...(await room.connections.keptSecrets(id)), ...Object.keys(draft.secrets)]);
        return { profile: draft.profile, isNew, kept: SECRETS.filter((name) => known.has(name)), left };
      },
      check: (profile) => findings(withAddresses(profile)),
      test: async (asked) =>
        room.outside.testConnection(accessOf(await room.connections.complete(withGiven(asked)))),
      save: async (asked) => {
        const given = withGiven(asked);
        const found = findings(given.profile);
        if (found.length > 0) return found;
        await room.connections.save(given);
        panels.close(key);
        return [];
      },
      cancel: () => {
        panels.close(key);
        return null;
      },
      chooseFile: async ({ title }) => {
        const [chosen] = (await vscode.window.showOpenDialog({ title })) ?? [];
        return chosen?.fsPath ?? null;
      },
    },
  }));
}
