/** The edges of column headers that one drags; a double click fits the column to what stands in it. */

/** Pixels. */
const LEAST = 40;
const MOST = 1600;

export const withinWidths = (width: number): number => Math.max(LEAST, Math.min(MOST, Math.round(width)));

export function resizable(
  head: HTMLElement,
  columns: {
    readonly widthOf: (column: number) => number;
    /** `done`: the person let go. Undefined: the width that fits. */
    readonly resize: (column: number, width: number | undefined, done: boolean) => void;
  },
): void {
  const columnOf = (target: EventTarget | null): number => {
    const edge = target instanceof Element ? target.closest('.edge') : null;
    return edge?.parentElement ? [...head.children].indexOf(edge.parentElement) : -1;
  };
  let dragged: { readonly column: number; readonly from: number; readonly width: number } | undefined;
  const widthAt = (x: number): number => withinWidths((dragged?.width ?? 0) + x - (dragged?.from ?? 0));
  head.addEventListener('pointerdown', (event) => {
    const column = columnOf(event.target);
    if (column < 0 || event.button !== 0) return;
    dragged = { column, from: event.clientX, width: columns.widthOf(column) };
    if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  head.addEventListener('pointermove', ({ clientX }) => {
    if (dragged) columns.resize(dragged.column, widthAt(clientX), false);
  });
  head.addEventListener('pointerup', ({ clientX }) => {
    // A click alone is no width.
    if (dragged && clientX !== dragged.from) columns.resize(dragged.column, widthAt(clientX), true);
    dragged = undefined;
  });
  head.addEventListener('pointercancel', () => {
    dragged = undefined;
  });
  head.addEventListener('dblclick', (event) => {
    const column = columnOf(event.target);
    if (column >= 0) columns.resize(column, undefined, true);
  });
}
