/** Where the fields of a schema stand in its text. */

/** Characters [start, end) of the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

type Node = Place &
  (
    | {
        readonly kind: 'object';
        readonly entries: ReadonlyMap<string, Node>;
        readonly names: ReadonlyMap<string, Place>;
      }
    | { readonly kind: 'array'; readonly items: readonly Node[] }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'other' }
  );

/** Forms within forms, references to references. */
const MOST_DEPTH = 20;
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
    const names = new Map<string, Place>();
    for (let key = tokens.next(); key; key = tokens.next()) {
      if (key.token === '}') return { kind: 'object', entries, names, start, end: key.end };
      if (key.token === ',') continue;
      tokens.next();
      const name = JSON.parse(key.token) as string;
      names.set(name, { start: key.start, end: key.end });
      entries.set(name, readNode(tokens));
    }
    return { kind: 'object', entries, names, start, end };
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

/** What a part of a JSON Schema says of a field: in itself, its items, its entries, or its definitions by `$ref`. */
function propertyOf(
  root: Node,
  part: Node | undefined,
  name: string,
  depth = 0,
): { readonly place: Place; readonly part: Node | undefined } | undefined {
  if (depth > MOST_DEPTH) return undefined;
  const again = (inner: Node | undefined): ReturnType<typeof propertyOf> =>
    propertyOf(root, inner, name, depth + 1);
  if (part?.kind === 'array') {
    for (const item of part.items) {
      const found = again(item);
      if (found) return found;
    }
  }
  if (part?.kind !== 'object') return undefined;
  const properties = part.entries.get('properties');
  const place = properties?.kind === 'object' ? properties.names.get(name) : undefined;
  if (properties?.kind === 'object' && place) return { place, part: properties.entries.get(name) };
  const ref = part.entries.get('$ref');
  if (ref?.kind === 'text' && ref.text.startsWith('#/')) {
    const target = ref.text
      .slice(2)
      .split('/')
      .reduce<Node | undefined>(
        (at, step) => (at?.kind === 'object' ? at.entries.get(step) : undefined),
        root,
      );
    const found = again(target);
    if (found) return found;
  }
  for (const keyword of ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf']) {
    const found = again(part.entries.get(keyword));
    if (found) return found;
  }
  return undefined;
}

function inJsonSchema(root: Node, field: string): Place | undefined {
  let part: Node | undefined = root;
  let place: Place | undefined;
  for (const name of field.split('.')) {
    const found: ReturnType<typeof propertyOf> = propertyOf(root, part, name);
    if (!found) break;
    ({ place, part } = found);
  }
  return place;
}

/** The first declaration of the name, or of the nearest around it: which message it is of, the text alone does not tell. */
function inProtobuf(text: string, field: string): Place | undefined {
  for (const name of field.split('.').toReversed()) {
    const found = /^\w+$/.test(name) ? new RegExp(`\\b${name}(?=\\s*=\\s*\\d)`).exec(text) : null;
    if (found) return { start: found.index, end: found.index + name.length };
  }
  return undefined;
}

/**
 * The name of a field (`home.city`), in its quotes; where the text does not have it, the name of the nearest around it.
 * Undefined where there is no such name.
 */
export function fieldPlace(text: string, field: string): Place | undefined {
  try {
    JSON.parse(text);
  } catch {
    // Protobuf, or a text in which nothing is found; that it is no JSON is told elsewhere.
    return inProtobuf(text, field);
  }
  const root = readNode(tokensOf(text));
  if (root.kind === 'object' && !recordIn(root)) return inJsonSchema(root, field);
  let record = recordIn(root);
  let place = record?.get('name');
  for (const name of field === '' ? [] : field.split('.')) {
    const found = record && fieldOf(record, name);
    if (!found) break;
    place = found.get('name') ?? place;
    record = recordIn(found.get('type'));
  }
  return place && { start: place.start, end: place.end };
}
