/** The places of a message that have others below: records, lists, maps and unions. */
import type { Branch, DraftPath, FormField, ObjectEntry } from '../wire/produce.ts';
import { button, element } from './dom.ts';
import { createChoice, createProblem, labelled, textInput } from './forms.ts';
import type { FormContext, FormNode, Parts } from './formTypes.ts';
import { t } from './host.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('isLosslessNumber' in value);

function objectParts(context: FormContext, entries: readonly ObjectEntry[]): Parts {
  /** Of one oneof only one is there: the others go when one comes. */
  const onPresence = (entry: ObjectEntry, node: FormNode): void => {
    if (node.leftOut || entry.oneof === undefined) return;
    for (const other of nodes) {
      if (other.node !== node && other.entry.oneof === entry.oneof) other.node.set(undefined);
    }
  };
  const nodes = entries.map((entry) => ({
    entry,
    node: context.createNode(entry.field, {
      name: entry.name,
      optional: entry.optional,
      onPresence: (node) => {
        onPresence(entry, node);
      },
    }),
  }));
  const names = new Set(entries.map(({ name }) => name));
  /** Fields that the schema does not name, and may allow. */
  let others: Json = {};
  return {
    element: element('div', { class: 'nodes' }, ...nodes.map(({ node }) => node.element)),
    set: (value) => {
      const given = isObject(value) ? value : {};
      others = Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
      for (const { entry, node } of nodes) {
        const is = Object.hasOwn(given, entry.name);
        node.set(is ? given[entry.name] : entry.optional ? undefined : entry.field.sample);
      }
    },
    read: (wrong) => {
      const read = nodes.map(({ entry, node }) => [entry.name, node.read(wrong)] as const);
      return { ...Object.fromEntries(read.filter(([, value]) => value !== undefined)), ...others };
    },
    tell: ([step, ...rest], reason) =>
      nodes.find(({ entry }) => entry.name === step)?.node.tell(rest, reason),
    clear: () => {
      for (const { node } of nodes) node.clear();
    },
  };
}

function listParts(context: FormContext, item: FormField, name: string): Parts {
  const list = element('div', { class: 'nodes' });
  let nodes: FormNode[] = [];
  /** Its number is another after one before it went: names are made anew. */
  const number = (): void => {
    nodes.forEach((node, at) => {
      const label = node.element.querySelector(':scope > .name, :scope > legend');
      if (label) label.textContent = String(at + 1);
      node.element
        .querySelector('button.remove')
        ?.setAttribute('aria-label', t('Remove item {0} of {1}', at + 1, name));
    });
  };
  const add = (value: unknown): FormNode => {
    const remove = button(
      t('Remove'),
      () => {
        nodes = nodes.filter((one) => one !== node);
        node.element.remove();
        number();
        more.focus();
        context.onChange();
      },
      { class: 'link remove' },
    );
    const node = context.createNode(item, { name: '', beside: remove });
    node.set(value);
    nodes.push(node);
    list.append(node.element);
    number();
    return node;
  };
  const more = button(t('Add to {0}', name), () => {
    const { element: added } = add(item.sample);
    const first = added.querySelector<HTMLElement>('input, select, textarea');
    first?.focus();
    // What is typed comes in the place of the sample.
    if (first instanceof HTMLInputElement) first.select();
    context.onChange();
  });
  return {
    element: element('div', {}, list, more),
    set: (value) => {
      nodes = [];
      list.replaceChildren();
      for (const one of Array.isArray(value) ? value : []) add(one);
    },
    read: (wrong) => nodes.map((node) => node.read(wrong)),
    tell: ([step, ...rest], reason) => nodes[Number(step)]?.tell(rest, reason),
    clear: () => {
      for (const node of nodes) node.clear();
    },
  };
}

function mapParts(context: FormContext, value: FormField, name: string): Parts {
  interface Row {
    readonly element: HTMLElement;
    readonly key: HTMLInputElement;
    readonly node: FormNode;
    readonly twice: (text: string | undefined) => void;
  }
  const list = element('div', { class: 'nodes' });
  let rows: Row[] = [];
  const add = (key: string, held: unknown): Row => {
    const input = textInput();
    input.value = key;
    input.addEventListener('input', context.onChange);
    const problem = createProblem(input);
    const remove = button(
      t('Remove'),
      () => {
        rows = rows.filter((one) => one !== row);
        row.element.remove();
        more.focus();
        context.onChange();
      },
      { class: 'link remove', 'aria-label': t('Remove an entry of {0}', name) },
    );
    const node = context.createNode(value, { name: t('Value'), beside: remove });
    node.set(held);
    const row: Row = {
      element: element(
        'div',
        { class: 'pair' },
        element('div', { class: 'entry' }, labelled(t('Name'), input), problem.element),
        node.element,
      ),
      key: input,
      node,
      twice: problem.tell,
    };
    rows.push(row);
    list.append(row.element);
    return row;
  };
  const more = button(t('Add to {0}', name), () => {
    add('', value.sample).key.focus();
    context.onChange();
  });
  return {
    element: element('div', {}, list, more),
    set: (given) => {
      rows = [];
      list.replaceChildren();
      if (isObject(given)) for (const [key, held] of Object.entries(given)) add(key, held);
    },
    read: (wrong) => {
      const found = new Map<string, unknown>();
      for (const { key, node, twice } of rows) {
        if (found.has(key.value)) {
          wrong.push(() => {
            twice(t('This name is there already.'));
            return key;
          });
        }
        found.set(key.value, node.read(wrong));
      }
      return Object.fromEntries(found);
    },
    tell: ([step, ...rest], reason) => rows.find(({ key }) => key.value === step)?.node.tell(rest, reason),
    clear: () => {
      for (const { node, twice } of rows) {
        node.clear();
        twice(undefined);
      }
    },
  };
}

/** Whether a value that names no branch can be one of this kind. */
function fits(field: FormField, value: unknown, definitions: FormContext['definitions']): boolean {
  switch (field.kind) {
    case 'ref': {
      const found = definitions[field.name];
      return found !== undefined && fits(found, value, definitions);
    }
    case 'object':
      return (
        isObject(value) && Object.keys(value).every((key) => field.entries.some(({ name }) => name === key))
      );
    case 'map':
      return isObject(value);
    case 'list':
      return Array.isArray(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'choice':
      return field.options.includes(value);
    case 'null':
      return value === null;
    case 'union':
    case 'json':
      return true;
  }
}

function unionParts(context: FormContext, branches: readonly Branch[], name: string): Parts {
  const choice = createChoice(branches.map(({ label }, at) => [String(at), label] as const));
  const body = element('div', { class: 'parts' });
  let current: { readonly branch: Branch; readonly node: FormNode } | undefined;
  const show = (at: number, value: unknown): void => {
    const branch = branches[at];
    if (!branch) return;
    choice.value = String(at);
    const node = context.createNode(branch.field, { name: branch.label });
    node.set(value);
    body.replaceChildren(node.element);
    current = { branch, node };
  };
  choice.element.addEventListener('change', () => {
    const at = Number(choice.value);
    show(at, branches[at]?.field.sample);
    context.onChange();
  });
  /** A value names its branch, or is of the first that it can be. */
  const branchOf = (value: unknown): readonly [at: number, held: unknown] => {
    const [only, ...others] = isObject(value) ? Object.keys(value) : [];
    const named =
      others.length === 0 ? branches.findIndex(({ wrap }) => wrap !== undefined && wrap === only) : -1;
    if (named >= 0 && isObject(value)) return [named, value[only ?? '']];
    const fitting = branches.findIndex(({ field }) => fits(field, value, context.definitions));
    return fitting >= 0 ? [fitting, value] : [0, branches[0]?.field.sample];
  };
  return {
    element: element(
      'div',
      {},
      element('div', { class: 'entry' }, labelled(t('Kind of {0}', name), choice.element)),
      body,
    ),
    set: (value) => {
      show(...branchOf(value));
    },
    read: (wrong) => {
      const held = current?.node.read(wrong);
      const wrap = current?.branch.wrap;
      return wrap === undefined ? held : { [wrap]: held };
    },
    tell: (path, reason) => {
      const rest: DraftPath = path[0] === current?.branch.wrap ? path.slice(1) : path;
      return current?.node.tell(rest, reason);
    },
    clear: () => {
      current?.node.clear();
    },
  };
}

/** Of a field that is no leaf. */
export function createParts(context: FormContext, field: FormField, name: string): Parts {
  switch (field.kind) {
    case 'object':
      return objectParts(context, field.entries);
    case 'list':
      return listParts(context, field.item, name);
    case 'map':
      return mapParts(context, field.value, name);
    case 'union':
      return unionParts(context, field.branches, name);
    case 'ref': {
      const found = context.definitions[field.name];
      if (found) return createParts(context, found, name);
      throw new Error(`no definition of ${field.name}`);
    }
    case 'text':
    case 'number':
    case 'boolean':
    case 'choice':
    case 'null':
    case 'json':
      throw new Error(`a ${field.kind} has no parts`);
  }
}
