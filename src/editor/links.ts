/** Links that open what another person saw: `vscode://orders-lakehouse.orders-lakehouse/topic/NAME?view=…`. */
import * as vscode from 'vscode';
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
    const { topic, view } = readLink(uri);
    showTopic(room, panels, topic, view);
  });
  const registered = vscode.window.registerUriHandler({ handleUri });
  return {
    handleUri,
    dispose: () => {
      registered.dispose();
    },
  };
}
