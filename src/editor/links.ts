/** Links that open what another person saw: `vscode://orders-lakehouse.orders-lakehouse/topic/NAME?view=…`. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { guarded } from './guard.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { showTopic } from './topicPanel.ts';
import { readLink } from './topicViews.ts';

/** What VS Code calls with a link that was opened outside. */
export interface Links extends Disposable {
  readonly handleUri: (uri: vscode.Uri) => Promise<void>;
}

export function openLinks(room: Room, panels: Panels): Links {
  const handleUri = guarded(room.log, 'link', (uri: vscode.Uri) => {
    const { topic, view, connection: name } = readLink(uri);
    const connection = name === undefined ? undefined : room.connections.named(name);
    if (name !== undefined && !connection) {
      throw new UserError('unknown-connection', t('This link is for a connection named {0}.', name), {
        hint: t('Add a connection of that name first.'),
        action: { title: t('Add a connection'), command: 'ordersLakehouse.addConnection' },
      });
    }
    showTopic(room, panels, topic, view, connection?.id);
  });
  const registered = vscode.window.registerUriHandler({ handleUri });
  return {
    handleUri,
    dispose: () => {
      registered.dispose();
    },
  };
}
