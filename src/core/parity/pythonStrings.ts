/** String literals of Python: classes, addresses, secrets and paths. */
import type { Spot } from './finding.ts';
import { overridden } from './defaults.ts';
import { clearSecrets, foreignPaths, localAddresses, loginClasses, type Literal } from './literals.ts';
import { t } from '../l10n.ts';
import { qualified } from './names.ts';
import {
  callOf,
  dotted,
  isDocumentation,
  memberOf,
  nodesOf,
  plainString,
  stringParts,
  textOf,
  type PythonFile,
} from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

const STRINGS: ReadonlySet<string> = new Set(['String', 'FormatString', 'ContinuedString']);

export interface Surroundings {
  readonly serverless: boolean;
  /** Names of settings that every pipeline of the bundle has. */
  readonly configured: ReadonlySet<string>;
}

export function checkStrings(file: PythonFile, { serverless, configured }: Surroundings): readonly Spot[] {
  const spots: Spot[] = [];
  const defaults = overridden(file, configured);
  for (const node of nodesOf(file.tree, ({ type }) => type !== 'ContinuedString')) {
    if (!STRINGS.has(node.type) || isDocumentation(node) || defaults.has(node)) continue;
    const { name, certain } = meaningOf(file, node);
    const parts = stringParts(file, node) ?? [];
    for (const [index, { text, from }] of parts.entries()) {
      const literal: Literal = { text, from, name };
      spots.push(...loginClasses(literal), ...localAddresses(literal, certain));
      if (index === 0) spots.push(...foreignPaths(literal, serverless));
      // The name of a setting is no secret; nor is what only begins with text.
      if (parts.length === 1 && (certain || /LoginModule/.test(text))) spots.push(...clearSecrets(literal));
    }
  }
  return spots;
}

interface Meaning {
  /** What the literal is the value of, as far as the code says. */
  readonly name: string;
  /** It is given to Spark as it stands; elsewhere it may be a default. */
  readonly certain: boolean;
}

function meaningOf(file: PythonFile, node: PythonNode): Meaning {
  const { parent } = node;
  if (!parent) return { name: '', certain: false };
  const at = parent.children.indexOf(node);
  const [before, earlier] = [parent.children[at - 1], parent.children[at - 2]];
  if (parent.type === 'DictionaryExpression' && before?.type === ':' && earlier) {
    return { name: plainString(file, earlier) ?? '', certain: true };
  }
  if (before?.type === 'AssignOp' && earlier) {
    return { name: textOf(file, earlier), certain: parent.type === 'ArgList' };
  }
  if (parent.type === 'ArgList' && before?.type === ',' && earlier && parent.parent) {
    const member = memberOf(callOf(file, parent.parent)?.callee);
    const method = member && textOf(file, member.name);
    return { name: plainString(file, earlier) ?? '', certain: method === 'option' };
  }
  return { name: '', certain: false };
}

const OPENS: ReadonlySet<string> = new Set(['open', 'io.open', 'codecs.open']);
const OF_PATH: ReadonlySet<string> = new Set([
  'open',
  'read_text',
  'read_bytes',
  'exists',
  'iterdir',
  'glob',
  'write_text',
]);

/** Files that are looked for in the folder in which the process happens to run. */
export function checkRelativeFiles(file: PythonFile, bindings: ReadonlyMap<string, string>): readonly Spot[] {
  return [...nodesOf(file.tree)].flatMap((node): readonly Spot[] => {
    const call = callOf(file, node);
    if (!call) return [];
    const given = openedBy(file, bindings, call);
    const path = plainString(file, given);
    const isRelative = path !== undefined && path !== '' && !/^(?:[/\\~]|[A-Za-z][\w+.-]*:)/.test(path);
    if (!given || !isRelative) return [];
    return [
      {
        from: given.from,
        to: given.to,
        code: 'relative-file',
        severity: 'warning',
        message: t('{0} is looked for in the working folder, which is another one there.', path),
        hint: t('Begin at the file itself: Path(__file__).parent, or use a volume.'),
      },
    ];
  });
}

/** The argument that names a file. */
function openedBy(
  file: PythonFile,
  bindings: ReadonlyMap<string, string>,
  { callee, list }: NonNullable<ReturnType<typeof callOf>>,
): PythonNode | undefined {
  const name = dotted(file, callee);
  const whole = name === undefined ? '' : qualified(bindings, name);
  const first = list.find((one) => one.name === undefined)?.value;
  if (
    OPENS.has(whole) ||
    /^pandas\.read_(?:csv|excel|feather|fwf|json|orc|parquet|pickle|table|xml)$/.test(whole)
  )
    return first;
  const member = memberOf(callee);
  const made = member && OF_PATH.has(textOf(file, member.name)) ? callOf(file, member.base) : undefined;
  const maker = made && dotted(file, made.callee);
  return maker !== undefined && qualified(bindings, maker) === 'pathlib.Path' && made?.list.length === 1
    ? made.list[0]?.value
    : undefined;
}
