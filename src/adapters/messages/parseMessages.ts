/** Reads a document of messages, with the place of each part of it. */
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { isSafeNumber } from 'lossless-json';
import type { Place } from '../../core/fieldPlaces.ts';
import { t } from '../../core/l10n.ts';
import type { DocumentMessage, MessageDocument } from '../../core/messageDocument.ts';
import { exactNumber, type DraftPath } from '../../core/outgoing.ts';

const placeOfNode = ({ offset, length }: Node): Place => ({ start: offset, end: offset + length });

/** Names and values of an object; a name that is there twice counts as JSON has it: the last. */
function entriesOf({ children = [] }: Node): readonly (readonly [string, Node, Node])[] {
  return children.flatMap(({ children: pair = [] }) => {
    const [name, value] = pair;
    return name && value ? [[String(name.value), name, value] as const] : [];
  });
}

function valueOf(node: Node, text: string): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(entriesOf(node).map(([name, , value]) => [name, valueOf(value, text)]));
    case 'array':
      return (node.children ?? []).map((item) => valueOf(item, text));
    case 'number': {
      const digits = text.slice(node.offset, node.offset + node.length);
      return isSafeNumber(digits) ? Number(digits) : exactNumber(digits);
    }
    case 'string':
    case 'boolean':
    case 'null':
    case 'property':
      return node.value as unknown;
  }
}

const isLong = ({ type }: Node): boolean => type === 'object' || type === 'array';

/** A short value itself; of an object or a list the name before it, else where it begins. */
function placeIn(root: Node, path: DraftPath): Place {
  let at = root;
  let named: Node | undefined;
  for (const step of path) {
    const [, name, value] =
      typeof step === 'number'
        ? [undefined, undefined, at.type === 'array' ? at.children?.[step] : undefined]
        : (entriesOf(at).findLast(([one]) => one === step) ?? []);
    if (!value) break;
    at = value;
    // An item of a list has the place of its own beginning.
    named = name;
  }
  if (!isLong(at)) return placeOfNode(at);
  return named ? placeOfNode(named) : { start: at.offset, end: at.offset + 1 };
}

export function parseMessages(text: string): MessageDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const problems = errors.map(({ error, offset, length }) => ({
    start: offset,
    end: offset + Math.max(1, length),
    reason: t('this is no JSON: {0}', printParseErrorCode(error)),
  }));
  if (!root) return { messages: [], problems };
  const message = (node: Node): DocumentMessage => ({
    ...placeOfNode(node),
    document: valueOf(node, text),
    placeOf: (path) => placeIn(node, path),
  });
  if (root.type !== 'array') return { messages: [message(root)], problems };
  return { messages: (root.children ?? []).map(message), list: placeOfNode(root), problems };
}
