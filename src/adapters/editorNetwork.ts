/**
 * Whose the network is. In VS Code's extension host `http` and `https` are VS Code's own: requests without an agent go as its
 * settings say (`http.proxy`, `http.proxySupport`, …) and trust what the system trusts. An agent of ours would be left out for
 * some values of `http.proxySupport` and obeyed for others. In the terminal, and in threads, they are Node's.
 */

// Each bundle file of dist/ carries its own copy of this module; a thread has a global object of its own.
const slot = Symbol.for('orders-lakehouse.editorNetwork');
const holder = globalThis as { [slot]?: boolean };

export function leaveNetworkToEditor(): void {
  holder[slot] = true;
}

export const isEditorNetwork = (): boolean => holder[slot] ?? false;
