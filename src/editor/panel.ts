/** A page in an editor tab: its markup under a strict policy, its wire, one tab for each thing shown. */
import * as vscode from 'vscode';
import { isUserError, messageOf, type Action } from '../core/errors.ts';
import { language } from '../core/l10n.ts';
import type { PageNotices } from '../wire/page.ts';
import {
  createPeer,
  RemoteError,
  type Contract,
  type Failure,
  type Handlers,
  type Peer,
} from '../wire/rpc.ts';
import type { Disposable } from './disposable.ts';
import { pageMarkup, type PageName } from './markup.ts';

type Nothing = Readonly<Record<string, never>>;

export interface PanelSpec<C extends Contract> {
  readonly page: PageName;
  readonly title: string;
  readonly handlers: Handlers<C>;
  /** It shows what is in a workspace: what happens on the sandbox has it ask nothing there. */
  readonly remote?: boolean;
}

export interface ShowOptions {
  readonly preserveFocus: boolean;
  /** Beside what a person works on, which stays in sight. */
  readonly beside?: boolean;
}

export interface Panels extends Disposable {
  /** Brings the tab with this key to the front, or opens it; `spec` is asked only for a new one. */
  show<C extends Contract>(
    key: string,
    spec: (signal: AbortSignal) => PanelSpec<C>,
    options?: ShowOptions,
  ): void;
  /** Tells the page with this key, if it is open, that it may be stale. */
  tell(key: string): void;
  /** Names the tab with this key, if it is open. */
  rename(key: string, title: string): void;
  /** Closes every tab whose key ends so. */
  closeEnding(end: string): void;
  /** Closes the tab with this key, if it is open. */
  close(key: string): void;
  /** Tells every page that it may be stale, but for those of a workspace. */
  readonly changed: () => void;
  /** Tells those of a workspace. */
  readonly changedThere: () => void;
}

/** Arguments that are no text stay here. */
const actionOf = ({ title, command, args = [] }: Action): NonNullable<Failure['action']> => {
  const texts = args.filter((one) => typeof one === 'string');
  return { title, command, ...(texts.length > 0 && texts.length === args.length ? { args: texts } : {}) };
};

/** What a page is told of an error. */
export function toFailure(error: unknown, log: vscode.LogOutputChannel): Failure {
  if (isUserError(error)) {
    return {
      code: error.code,
      message: error.message,
      // A button is the next step itself; the hint words it for the terminal.
      ...(error.hint === undefined || error.action ? {} : { hint: error.hint }),
      ...(error.action ? { action: actionOf(error.action) } : {}),
    };
  }
  // A thread of ours said it first.
  if (error instanceof RemoteError) return error.failure;
  log.error('page', error instanceof Error ? error : messageOf(error));
  return { code: 'fault', message: messageOf(error) };
}

export function createPanels(extensionUri: vscode.Uri, log: vscode.LogOutputChannel): Panels {
  const open = new Map<
    string,
    { panel: vscode.WebviewPanel; peer: Peer<Nothing, PageNotices>; remote: boolean }
  >();
  const tellAll = (where: 'here' | 'there'): void => {
    for (const { peer, remote } of open.values()) {
      if (remote === (where === 'there')) peer.notify('changed', null);
    }
  };

  return {
    show: (key, makeSpec, { preserveFocus, beside = false } = { preserveFocus: false }) => {
      const existing = open.get(key);
      if (existing) {
        existing.panel.reveal(undefined, preserveFocus);
        return;
      }
      const controller = new AbortController();
      const spec = makeSpec(controller.signal);
      const panel = vscode.window.createWebviewPanel(
        `ordersLakehouse.${spec.page}`,
        spec.title,
        { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus },
        {
          enableScripts: true,
          localResourceRoots: [
            vscode.Uri.joinPath(extensionUri, 'media'),
            vscode.Uri.joinPath(extensionUri, 'dist', 'webviews'),
          ],
          // Pages hold their scroll position and what was loaded; they are small.
          retainContextWhenHidden: true,
        },
      );
      panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
      const peer = createPeer<Contract, Nothing, Nothing, PageNotices>({
        port: {
          post: (packet) => void panel.webview.postMessage(packet),
          onPacket: (listener) => panel.webview.onDidReceiveMessage(listener),
        },
        handlers: spec.handlers,
        listeners: {},
        describe: (error) => toFailure(error, log),
      });
      open.set(key, { panel, peer, remote: spec.remote ?? false });
      panel.onDidDispose(() => {
        open.delete(key);
        peer.close();
        controller.abort();
      });
      panel.webview.html = pageMarkup({
        page: spec.page,
        title: spec.title,
        boot: { locale: vscode.env.language, bundle: language() },
        uri: (path) =>
          panel.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path.split('/'))).toString(),
        cspSource: panel.webview.cspSource,
        nonce: crypto.randomUUID(),
      });
    },
    rename: (key, title) => {
      const one = open.get(key);
      if (one) one.panel.title = title;
    },
    close: (key) => {
      open.get(key)?.panel.dispose();
    },
    closeEnding: (end) => {
      for (const [key, { panel }] of [...open]) if (key.endsWith(end)) panel.dispose();
    },
    tell: (key) => {
      open.get(key)?.peer.notify('changed', null);
    },
    changed: () => {
      tellAll('here');
    },
    changedThere: () => {
      tellAll('there');
    },
    dispose: () => {
      for (const { panel } of [...open.values()]) panel.dispose();
    },
  };
}
