/** The declared use of the fields against the pipeline's own Python, read as text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAvro, typeText } from '../../../src/core/avroTypes.ts';
import { FIELDS, GOLD, RULES } from '../../../src/core/pipelineUse.ts';

const sandbox = join(import.meta.dirname, '..', '..', '..', 'sandbox');
const python = (name: string): string =>
  readFileSync(join(sandbox, 'lakehouse', 'orders', `${name}.py`), 'utf8').replace(/^\s*#.*$/gm, '');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** Column → what it is made of. */
type Scope = Map<string, ReadonlySet<string>>;

/** The text between a bracket and its partner. */
function inBrackets(text: string, open: number): string {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') index = text.indexOf('"', index + 1);
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character) && --depth === 0) return text.slice(open + 1, index);
  }
  throw new Error(`a bracket stays open: ${text.slice(open, open + 60)}`);
}

function argumentsOf(text: string): string[] {
  const found = [''];
  let depth = 0;
  for (const piece of text.match(/"[^"]*"|[\s\S]/g) ?? []) {
    if ('([{'.includes(piece)) depth += 1;
    if (')]}'.includes(piece)) depth -= 1;
    if (piece === ',' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${piece}`);
  }
  return found.map((one) => one.trim()).filter((one) => one !== '');
}

function bodyOf(source: string, name: string): string {
  const found = new RegExp(`^def ${name}\\(.*?(?=^\\S|\\Z)`, 'ms').exec(`${source}\nend`)?.[0];
  assert.ok(found, name);
  // Its description names columns too.
  return found.replace(/"""[\s\S]*?"""/, '');
}

/** The strings of an expression, with the constants of the source in their places. */
function stringsOf(expression: string, source: string): string {
  const constant = (name: string): string =>
    new RegExp(`^\\s*${name} = "("")?([\\s\\S]*?)"\\1`, 'm').exec(source)?.[2] ?? name;
  const strings = (expression.match(/"[^"]*"/g) ?? [])
    .join(' ')
    .replace(/\{(\w+)\}/g, (_, name: string) => constant(name));
  const named = /F\.expr\((\w+)\)/.exec(expression)?.[1];
  return `${strings} ${named === undefined ? '' : constant(named)}`;
}

function madeOf(expression: string, source: string, scope: Scope): ReadonlySet<string> {
  const text = stringsOf(expression.replace(/\.alias\([^)]*\)/g, ''), source).replace(/'[^']*'/g, '');
  return new Set((text.match(/\w+/g) ?? []).flatMap((word) => [...(scope.get(word) ?? [])]));
}

/** The columns of an argument of select or agg, with what each is made of; `*` is all of the scope. */
function columnsOf(argument: string, source: string, scope: Scope): [string, ReadonlySet<string>][] {
  if (argument === '"*"') return [...scope];
  const plain = /^"(\w+)"$/.exec(argument)?.[1];
  if (plain !== undefined) return [[plain, scope.get(plain) ?? new Set()]];
  const [, helper, given] = /^(_\w+)\((?:"(\w+)")?\)$/.exec(argument) ?? [];
  const expression = helper === undefined ? argument : bodyOf(source, helper);
  const name = given ?? /\.alias\(\s*"(\w+)"\s*\)[\s)]*$/.exec(expression)?.[1];
  return name === undefined ? [] : [[name, madeOf(expression, source, scope)]];
}

/** Follows groupBy, agg and select of a function, in the order of its text. */
function follow(source: string, name: string, scope: Scope): Scope {
  const body = bodyOf(source, name);
  let now = scope;
  let before = scope;
  for (const call of body.matchAll(/\.(groupBy|agg|select)\(/g)) {
    const given = argumentsOf(inBrackets(body, call.index + call[0].length - 1));
    const columns = given.flatMap((one) => columnsOf(one, source, call[1] === 'agg' ? before : now));
    before = now;
    now = new Map(call[1] === 'agg' ? [...now, ...columns] : columns);
  }
  return now;
}

const silverColumns = sorted(Object.values(FIELDS).flatMap(({ silver }) => silver));

describe('the declared use of the order line', () => {
  it('has the fields and types of the schema', () => {
    const schema = parseAvro(readFileSync(join(sandbox, 'schemas', 'orders-value.avsc'), 'utf8'));
    assert.ok(schema.kind === 'record');
    assert.deepEqual(
      Object.entries(FIELDS).map(([name, { type }]) => [name, type]),
      schema.fields.map(({ name, type }) => [name, typeText(type)]),
    );
  });

  it('makes the columns of silver.orders that silver.py makes', () => {
    const source = python('silver');
    const body = bodyOf(source, 'checked');
    const [first = '', second = ''] = [...body.matchAll(/\.select\(/g)].map((call) =>
      inBrackets(body, call.index + call[0].length - 1),
    );
    const lines: Scope = new Map(
      argumentsOf(first).flatMap((argument): [string, ReadonlySet<string>][] => {
        const name = /\.alias\("(\w+)"\)$/.exec(argument)?.[1];
        const fields = [...argument.matchAll(/line\.(\w+)/g)].map(([, field = '']) => field);
        return name === undefined ? [] : [[name, new Set(fields)]];
      }),
    );
    const typed = new Map(argumentsOf(second).flatMap((argument) => columnsOf(argument, source, lines)));
    assert.deepEqual(
      silverColumns.map((column) => [column, sorted(typed.get(column) ?? [])]),
      silverColumns.map((column) => [
        column,
        sorted(Object.keys(FIELDS).filter((field) => FIELDS[field]?.silver.includes(column))),
      ]),
    );
    const [, fields = ''] = /^FIELDS = \(([\s\S]*?)\)/m.exec(source) ?? [];
    const kept = [...fields.matchAll(/"(\w+)"/g)].map(([, field = '']) => field);
    assert.deepEqual(silverColumns, sorted([...kept, 'amount', 'is_cancellation']));
  });

  it('judges the columns that the rules judge', () => {
    const found = [
      ...python('rules').matchAll(/^ {4}"(\w+)": "([^"]+)"|^WARNING = \{"(\w+)": "([^"]+)"\}/gm),
    ].map(([, dropping, condition, warning, also]): [string, string[]] => [
      dropping ?? warning ?? '',
      sorted((condition ?? also ?? '').match(/\w+/g)?.filter((word) => silverColumns.includes(word)) ?? []),
    ]);
    assert.deepEqual(
      found,
      Object.entries(RULES).map(([rule, columns]) => [rule, sorted(columns)]),
    );
  });

  it('makes the columns of the gold tables that gold.py makes', () => {
    const source = python('gold');
    const silver: Scope = new Map(silverColumns.map((column) => [column, new Set([column])]));
    const tables = [...python('gold').matchAll(/^def ([a-z]\w+)\(/gm)].map(([, name = '']) => name);
    assert.deepEqual(
      tables.map((table) => [
        table,
        [...follow(source, table, silver)].map(([column, made]) => [column, sorted(made)]),
      ]),
      Object.entries(GOLD).map(([table, columns]) => [
        table,
        Object.entries(columns).map(([column, made]) => [column, sorted(made)]),
      ]),
    );
  });
});
