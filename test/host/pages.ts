/** The pages that the extension opens in VS Code: what each asks its host, what it is answered, and asking beside it. */
import * as vscode from 'vscode';
import { createPeer, RemoteError, type Contract, type Failure } from '../../src/wire/rpc.ts';

interface Packet {
  readonly kind: string;
  readonly id: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly failure?: Failure;
}
/** Ids of a page's own calls are below, those of a test above. */
const OURS = 1_000_000;

export interface Page {
  readonly title: string;
  /** What the page itself was answered last to a call of that name; undefined: not yet. Throws what it was refused with. */
  answer<C extends Contract, K extends keyof C & string>(method: K): C[K]['result'] | undefined;
  /** As the page asks its host. */
  ask<C extends Contract, K extends keyof C & string>(
    method: K,
    params: C[K]['params'],
  ): Promise<C[K]['result']>;
  /** As the page gives up its last call of that name. */
  cancel(method: string): void;
  close(): void;
}

function watch(panel: vscode.WebviewPanel): Page {
  const { webview } = panel;
  const post = webview.postMessage.bind(webview);
  const received = webview.onDidReceiveMessage.bind(webview);
  const calls: Packet[] = [];
  const answers = new Map<number, Packet>();
  let toHost: (packet: unknown) => void = () => undefined;
  let toTest: (packet: unknown) => void = () => undefined;
  Object.assign(webview, {
    postMessage: (packet: Packet) => {
      if (packet.kind === 'notice') return post(packet);
      if (packet.id > OURS) {
        toTest({ ...packet, id: packet.id - OURS });
        return Promise.resolve(true);
      }
      answers.set(packet.id, packet);
      return post(packet);
    },
    onDidReceiveMessage: (listener: (packet: unknown) => void) => {
      toHost = listener;
      return received((packet: Packet) => {
        if (packet.kind === 'call') calls.push(packet);
        listener(packet);
      });
    },
  });
  const peer = createPeer<Contract, Contract, Contract, Contract>({
    port: {
      post: (packet) => {
        // What crosses is plain JSON.
        const one = JSON.parse(JSON.stringify(packet)) as Packet;
        toHost({ ...one, id: one.id + OURS });
      },
      onPacket: (listener) => {
        toTest = listener;
      },
    },
    handlers: {},
    listeners: {},
    describe: (error) => ({ code: 'fault', message: String(error) }),
  });
  const last = (method: string): Packet | undefined => calls.findLast((one) => one.method === method);
  return {
    get title() {
      return panel.title;
    },
    answer: (method) => {
      const found = calls
        .filter((one) => one.method === method)
        .map(({ id }) => answers.get(id))
        .findLast((one) => one !== undefined);
      if (found?.failure) throw new RemoteError(found.failure);
      return found?.result;
    },
    ask: (method, params) => peer.call(method, params),
    cancel: (method) => {
      toHost({ kind: 'cancel', id: last(method)?.id });
    },
    close: () => {
      panel.dispose();
    },
  };
}

/** Those that open from now on, the newest last. */
export function watchPages(): { readonly pages: readonly Page[]; readonly stop: () => void } {
  const pages: Page[] = [];
  const { createWebviewPanel } = vscode.window;
  Object.assign(vscode.window, {
    createWebviewPanel: (...args: Parameters<typeof createWebviewPanel>) => {
      const panel = createWebviewPanel(...args);
      pages.push(watch(panel));
      return panel;
    },
  });
  return { pages, stop: () => Object.assign(vscode.window, { createWebviewPanel }) };
}
