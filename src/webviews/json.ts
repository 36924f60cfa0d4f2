/** JSON with colours: each token an element of its own, its text set as text. */
import { element } from './dom.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;
const SCALAR = /\s*("(?:[^"\\]|\\.)*"|[^\s{[,\]}]+)/y;
/** Characters beyond which colours cost more than they help. */
const LIMIT = 200_000;

/** A field of the document shown. */
export interface JsonField {
  /** As a column or a condition names it: lists on the way leave no mark. */
  readonly path: string;
  /** Text of a scalar; undefined for what is none. */
  readonly value: string | undefined;
}

/** Undefined for a path that names something else: one with a dot in a name, or a number that would be an index. */
function pathOf(names: readonly string[], inList: boolean): string | undefined {
  if (names.length > 1 && names.some((name) => name === '' || name.includes('.'))) return undefined;
  if (inList && names.some((name) => /^\d+$/.test(name))) return undefined;
  return names.join('.');
}

function scalarAt(json: string, at: number): string | undefined {
  SCALAR.lastIndex = at;
  const token = SCALAR.exec(json)?.[1];
  return token?.startsWith('"') ? (JSON.parse(token) as string) : token;
}

function openable(name: HTMLElement, label: string, open: () => void): void {
  // A real button would be left out when one selects and copies the text.
  name.setAttribute('role', 'button');
  name.setAttribute('aria-haspopup', 'menu');
  name.setAttribute('aria-label', label);
  name.tabIndex = -1;
  name.addEventListener('click', () => {
    if (getSelection()?.isCollapsed !== false) open();
  });
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  });
}

/** `onField`: a name was pressed. */
export function coloured(
  json: string,
  onField?: (field: JsonField, opener: HTMLElement) => void,
): readonly (HTMLElement | string)[] {
  if (json.length > LIMIT) return [json];
  const parts: (HTMLElement | string)[] = [];
  /** Of each object and list that is open here: the name of its field that is written; of a list none. */
  const open: { readonly list: boolean; name?: string }[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon, number] = match;
    const between = json.slice(end, match.index);
    for (const mark of between) {
      if (mark === '{' || mark === '[') open.push({ list: mark === '[' });
      else if (mark === '}' || mark === ']') open.pop();
    }
    if (between !== '') parts.push(between);
    end = match.index + whole.length;
    if (text === undefined) {
      parts.push(element('span', { class: number === undefined ? 'word' : 'number' }, whole));
      continue;
    }
    const token = element('span', { class: colon === undefined ? 'text' : 'name' }, text);
    parts.push(token, colon ?? '');
    const inner = open.at(-1);
    if (colon === undefined || !inner) continue;
    inner.name = JSON.parse(text) as string;
    const path = pathOf(
      open.flatMap(({ name }) => (name === undefined ? [] : [name])),
      open.some(({ list }) => list),
    );
    if (onField === undefined || path === undefined) continue;
    const field: JsonField = { path, value: scalarAt(json, end) };
    openable(token, path, () => {
      onField(field, token);
    });
  }
  parts.push(json.slice(end));
  return parts;
}
