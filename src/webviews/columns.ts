/** Widths of columns, from what stands in them. */

/** Pixels. */
const MIN = 56;
const MAX = 420;
const PADDING = 24;

/** Measures text in the font of an element, in another weight if given. */
export function createRuler(like: Element, weight?: number): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return (text) => text.length * 8;
  const style = getComputedStyle(like);
  context.font = `${weight ?? style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return (text) => context.measureText(text).width;
}

/** The width in pixels that shows the title and most of the texts whole. */
export function fittingWidth(
  measure: (text: string) => number,
  titleWidth: number,
  texts: Iterable<string>,
): number {
  let widest = titleWidth;
  for (const text of texts) {
    if (widest >= MAX) break;
    widest = Math.max(widest, measure(text.length > 120 ? text.slice(0, 120) : text));
  }
  return Math.ceil(Math.min(MAX, Math.max(MIN, widest + PADDING + 1)));
}
