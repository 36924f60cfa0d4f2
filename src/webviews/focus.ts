/** The keyboard's place in the page: a change that takes it away gives it to a neighbour. */

const canHold = (node: HTMLElement): boolean => node.checkVisibility() && !node.matches(':disabled');

/** Where the change hides, disables or removes what has the focus, the first of the heirs that can hold it gets it. */
export function keepingFocus(change: () => void, ...heirs: readonly HTMLElement[]): void {
  const had = document.activeElement;
  change();
  if (!(had instanceof HTMLElement) || had === document.body || canHold(had)) return;
  heirs.find(canHold)?.focus();
}

/** Arrows, Home and End move among the nodes that a container holds; it is one stop of the Tab key. */
export function roving(container: HTMLElement, nodes: () => readonly HTMLElement[]): void {
  container.addEventListener('keydown', (event) => {
    const all = nodes();
    const at = all.findIndex((node) => node === document.activeElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  });
  container.addEventListener('focusin', ({ target }) => {
    for (const node of nodes()) node.tabIndex = node === target ? 0 : -1;
  });
}
