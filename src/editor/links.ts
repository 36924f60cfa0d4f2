/** Links that open what another person saw: `vscode://orders-lakehouse.orders-lakehouse/topic/NAME?view=…`. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable.ts';
import { guarded } from './guard.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { showTopic } from './topicPanel.ts';
import { readLink } from './topicViews.ts';

export function openLinks(room: Room, panels: Panels): Disposable {
  return vscode.window.registerUriHandler({
    handleUri: guarded(room.log, 'link', (uri: vscode.Uri) => {
      const { topic, view } = readLink(uri);
      showTopic(room, panels, topic, view);
    }),
  });
}
