/** One place of a message: its name, whether it is there, null, or given, its control or its parts, and what is wrong. */
import type { FormField, MessageForm } from '../wire/produce.ts';
import { element } from './dom.ts';
import { newId } from './forms.ts';
import { createLeaf, hintOf, type Leaf } from './formLeaves.ts';
import { createParts } from './formParts.ts';
import type { FormContext, FormNode, NodeOptions, Parts } from './formTypes.ts';
import { t } from './host.ts';

function createTick(label: string, onTick: () => void) {
  const box = element('input', { type: 'checkbox' });
  box.addEventListener('change', onTick);
  return { box, element: element('label', { class: 'check' }, box, element('span', {}, label)) };
}

function createNode(context: FormContext, field: FormField, options: NodeOptions): FormNode {
  const { name, optional = false, onPresence, beside } = options;
  const { nullable, help } = field;
  const leaf: Leaf | undefined = createLeaf(field);
  let parts: Parts | undefined;
  const helpText = element('p', { class: 'help', id: newId() }, help ?? '');
  helpText.hidden = help === undefined || help === '';
  const problem = element('p', { class: 'problem', id: newId(), role: 'alert' });
  problem.hidden = true;
  const hint = hintOf(field);
  const unit = element('span', { class: 'unit', id: newId() }, hint ?? '');
  unit.hidden = hint === undefined;
  const body = element('div', { class: 'parts' });
  const described = `${unit.id} ${helpText.id} ${problem.id}`;

  const isLeftOut = (): boolean => optional && leftOut.box.checked;
  const isNull = (): boolean => field.kind === 'null' || (nullable && nothing.box.checked);
  /** What parts begin with. */
  let first = field.sample;
  /** Parts are made when they are first seen: a type may hold itself without end. */
  const given = (): Parts | undefined => {
    if (leaf || field.kind === 'null') return undefined;
    if (!parts) {
      parts = createParts(context, field, name);
      body.replaceChildren(parts.element);
      parts.set(first);
    }
    return parts;
  };
  const settle = (): void => {
    const away = isLeftOut() || isNull();
    nothing.box.disabled = isLeftOut();
    if (leaf) leaf.control.disabled = away;
    else body.hidden = away;
    if (!away) given();
    if (away) clear();
  };
  const onTick = (): void => {
    settle();
    onPresence?.(node);
    context.onChange();
  };
  const leftOut = createTick(t('left out'), onTick);
  const nothing = createTick(options.nullLabel ?? 'null', onTick);
  leftOut.box.setAttribute('aria-label', t('{0}: left out', name));
  nothing.box.setAttribute('aria-label', `${name}: ${options.nullLabel ?? 'null'}`);
  const ticks = [...(nullable ? [nothing.element] : []), ...(optional ? [leftOut.element] : [])];
  /** Where the focus goes: to what can take it. */
  const target = (): HTMLElement => {
    if (leaf && !leaf.control.disabled) return leaf.control;
    return root.querySelector<HTMLElement>('input:enabled, select:enabled, textarea:enabled, button') ?? root;
  };
  const say = (reason: string): HTMLElement => {
    // Several at one place are told one below the other.
    problem.textContent = problem.hidden ? reason : `${problem.textContent}\n${reason}`;
    problem.hidden = false;
    leaf?.control.setAttribute('aria-invalid', 'true');
    return target();
  };
  const clear = (): void => {
    problem.hidden = true;
    problem.textContent = '';
    leaf?.control.removeAttribute('aria-invalid');
    parts?.clear();
  };

  let root: HTMLElement;
  if (leaf) {
    const { control } = leaf;
    control.id = newId();
    control.setAttribute('aria-describedby', described);
    control.addEventListener('input', () => {
      problem.hidden = true;
      control.removeAttribute('aria-invalid');
      context.onChange();
    });
    const label = element('label', { class: 'name' }, name);
    label.htmlFor = control.id;
    root = element(
      'div',
      { class: `node leaf ${field.kind}` },
      label,
      element(
        'div',
        { class: 'value' },
        element('div', { class: 'entry' }, control, unit, ...ticks, ...(beside ? [beside] : [])),
        helpText,
        problem,
      ),
    );
  } else {
    root = element(
      'fieldset',
      { class: `node ${field.kind}`, 'aria-describedby': described, tabindex: '-1' },
      element('legend', {}, name),
      element('div', { class: 'entry' }, unit, ...ticks, ...(beside ? [beside] : [])),
      helpText,
      problem,
      body,
    );
  }

  const node: FormNode = {
    element: root,
    set: (value) => {
      leftOut.box.checked = optional && value === undefined;
      nothing.box.checked = nullable && value === null;
      clear();
      // What is not given keeps something to begin with.
      first = value === undefined || value === null ? field.sample : value;
      leaf?.set(first);
      parts?.set(first);
      settle();
    },
    read: (wrong) => {
      if (isLeftOut()) return undefined;
      if (isNull()) return null;
      if (!leaf) return given()?.read(wrong) ?? null;
      const read = leaf.read();
      if ('value' in read) return read.value;
      wrong.push(() => say(read.wrong));
      return leaf.control.value;
    },
    tell: (path, reason) => {
      if (path.length === 0 || isLeftOut() || isNull()) return say(reason);
      return parts?.tell(path, reason) ?? say(reason);
    },
    clear,
    get leftOut() {
      return isLeftOut();
    },
  };
  return node;
}

/** A form of one field. */
export function createForm(
  { root, definitions }: MessageForm,
  options: NodeOptions & { readonly onChange: () => void },
): FormNode {
  const context: FormContext = {
    definitions,
    onChange: options.onChange,
    createNode: (field, more) => createNode(context, field, more),
  };
  return createNode(context, root, options);
}
