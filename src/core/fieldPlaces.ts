/** Where the fields of an Avro schema stand in its text. */

/** Characters [start, end) of the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

type Node = Place &
  (
    | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Node> }
    | { readonly kind: 'array'; readonly items: readonly Node[] }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'other' }
  );

const TOKEN = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/y;

interface Tokens {
  /** The next one and where it stands; undefined at the end. */
  next(): (Place & { readonly token: string }) | undefined;
}

function tokensOf(text: string): Tokens {
  let position = 0;
  return {
    next: () => {
      TOKEN.lastIndex = position;
      const token = TOKEN.exec(text)?.[1];
      if (token === undefined) return undefined;
      position = TOKEN.lastIndex;
      return { token, start: position - token.length, end: position };
    },
  };
}

/** For text that JSON.parse has taken. */
function readNode(tokens: Tokens, first = tokens.next()): Node {
  const { token = '', start = 0, end = 0 } = first ?? {};
  if (token === '{') {
    const entries = new Map<string, Node>();
    for (let key = tokens.next(); key; key = tokens.next()) {
      if (key.token === '}') return { kind: 'object', entries, start, end: key.end };
      if (key.token === ',') continue;
      tokens.next();
      entries.set(JSON.parse(key.token) as string, readNode(tokens));
    }
    return { kind: 'object', entries, start, end };
  }
  if (token === '[') {
    const items: Node[] = [];
    for (let item = tokens.next(); item; item = tokens.next()) {
      if (item.token === ']') return { kind: 'array', items, start, end: item.end };
      if (item.token !== ',') items.push(readNode(tokens, item));
    }
    return { kind: 'array', items, start, end };
  }
  return token.startsWith('"')
    ? { kind: 'text', text: JSON.parse(token) as string, start, end }
    : { kind: 'other', start, end };
}

/** The first record in a type: itself, or within its unions, arrays, maps and types of types. */
function recordIn(node: Node | undefined): ReadonlyMap<string, Node> | undefined {
  if (node?.kind === 'array') {
    for (const item of node.items) {
      const found = recordIn(item);
      if (found) return found;
    }
    return undefined;
  }
  if (node?.kind !== 'object') return undefined;
  const { entries } = node;
  if (entries.get('fields')?.kind === 'array') return entries;
  return recordIn(entries.get('type')) ?? recordIn(entries.get('items')) ?? recordIn(entries.get('values'));
}

function fieldOf(record: ReadonlyMap<string, Node>, name: string): ReadonlyMap<string, Node> | undefined {
  const fields = record.get('fields');
  if (fields?.kind !== 'array') return undefined;
  for (const field of fields.items) {
    const named = field.kind === 'object' ? field.entries.get('name') : undefined;
    if (field.kind === 'object' && named?.kind === 'text' && named.text === name) return field.entries;
  }
  return undefined;
}

/**
 * The name of a field (`home.city`), in its quotes; where the text does not have it, the name of the nearest around it.
 * Undefined for what is no JSON or has no names.
 */
export function fieldPlace(text: string, field: string): Place | undefined {
  try {
    JSON.parse(text);
  } catch {
    // Nothing can be found in it; that it is no JSON is told elsewhere.
    return undefined;
  }
  let record = recordIn(readNode(tokensOf(text)));
  let place = record?.get('name');
  for (const name of field === '' ? [] : field.split('.')) {
    const found = record && fieldOf(record, name);
    if (!found) break;
    place = found.get('name') ?? place;
    record = recordIn(found.get('type'));
  }
  return place && { start: place.start, end: place.end };
}
