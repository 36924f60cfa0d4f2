/** JSON with colours: each token an element of its own, its text set as text. */
import { element } from './dom.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;
/** Characters beyond which colours cost more than they help. */
const LIMIT = 200_000;

export function coloured(json: string): readonly (HTMLElement | string)[] {
  if (json.length > LIMIT) return [json];
  const parts: (HTMLElement | string)[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon, number] = match;
    if (match.index > end) parts.push(json.slice(end, match.index));
    if (text !== undefined) {
      parts.push(element('span', { class: colon === undefined ? 'text' : 'name' }, text), colon ?? '');
    } else {
      parts.push(element('span', { class: number === undefined ? 'word' : 'number' }, whole));
    }
    end = match.index + whole.length;
  }
  parts.push(json.slice(end));
  return parts;
}
