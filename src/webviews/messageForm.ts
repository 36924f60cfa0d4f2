/** One message of a topic: its key, value, headers and partition, by the forms of its schemas. */
import type { DraftFinding, FormPart, MessageDraft, OpenedMessage } from '../wire/produce.ts';
import { element } from './dom.ts';
import { createForm } from './formNode.ts';
import { createProblem, labelled, textInput } from './forms.ts';
import type { FormNode, Wrong } from './formTypes.ts';
import { createHeaderRows } from './headerRows.ts';
import { t } from './host.ts';
import { wholeOf } from './numberText.ts';
import { createPlainPart } from './plainPart.ts';

export interface MessageFormView {
  readonly element: HTMLFormElement;
  /** Undefined, told beside each place, with the focus on the first, when something is wrong there. */
  read(): MessageDraft | undefined;
  /** As it stands, however wrong it is. */
  readonly now: MessageDraft;
  /** Begins anew. */
  sample(): void;
  /** What the schemas find wrong. */
  tell(findings: readonly DraftFinding[]): void;
}

const subjectText = ({ subject, version, type }: FormPart): string =>
  t('{0}, version {1} ({2})', subject, version, type);

export function createMessageForm(
  { key: keyPart, value: valuePart, partitions, last }: OpenedMessage,
  onChange: () => void,
): MessageFormView {
  const part = (found: FormPart | null, name: string, nullLabel: string, rows: number): FormNode => {
    if (!found) return createPlainPart({ name, nullLabel, rows, textOnly: rows === 1, onChange });
    const { root, definitions } = found.form;
    const field = { ...root, nullable: true };
    return createForm({ root: field, definitions }, { name, nullLabel, onChange });
  };
  const key = part(keyPart, t('Key'), t('no key'), 1);
  const value = part(valuePart, t('Value'), t('no value (tombstone)'), 8);
  const headers = createHeaderRows(onChange);
  const partition = textInput();
  partition.inputMode = 'numeric';
  partition.size = 6;
  const partitionProblem = createProblem(partition);
  partition.addEventListener('input', () => {
    partitionProblem.tell(undefined);
    onChange();
  });
  const general = createProblem();
  const subjects = [keyPart, valuePart].flatMap((one) => (one ? [subjectText(one)] : []));
  const rule = (): string =>
    partitions === null
      ? t('A whole number is needed.')
      : t('A partition from 0 to {0}; nothing: by the key', partitions - 1);

  const set = (draft: MessageDraft | null): void => {
    key.set(draft ? draft.key : keyPart ? keyPart.form.root.sample : null);
    value.set(draft ? draft.value : valuePart ? valuePart.form.root.sample : '{\n  \n}');
    headers.value = draft?.headers ?? [];
    partition.value = draft?.partition === null || draft === null ? '' : String(draft.partition);
  };
  const readAll = (wrong: Wrong[]): MessageDraft => {
    const number =
      partition.value.trim() === '' ? null : wholeOf(partition.value, 0, (partitions ?? 2 ** 31) - 1);
    const found = {
      key: key.read(wrong) ?? null,
      value: value.read(wrong) ?? null,
      headers: headers.value,
      partition: number ?? null,
    };
    if (number === undefined) {
      wrong.push(() => {
        partitionProblem.tell(rule());
        return partition;
      });
    }
    return found;
  };
  const clear = (): void => {
    key.clear();
    value.clear();
    partitionProblem.tell(undefined);
    general.tell(undefined);
  };

  const form = element(
    'form',
    { class: 'message', 'aria-label': t('Message') },
    element(
      'p',
      { class: 'hint' },
      subjects.length === 0
        ? t('No schema is registered for this topic: JSON or text is sent as it is written.')
        : subjects.join(' · '),
    ),
    general.element,
    key.element,
    value.element,
    headers.element,
    element(
      'div',
      { class: 'entry' },
      labelled(t('Partition'), partition),
      element('span', { class: 'hint' }, t('Empty: by the key')),
      partitionProblem.element,
    ),
  );
  form.noValidate = true;
  partition.placeholder = partitions === null ? '' : `0…${partitions - 1}`;
  set(last);

  return {
    element: form,
    read: () => {
      clear();
      const wrong: Wrong[] = [];
      const draft = readAll(wrong);
      wrong.map((tell) => tell())[0]?.focus();
      return wrong.length === 0 ? draft : undefined;
    },
    get now() {
      return readAll([]);
    },
    sample: () => {
      set(null);
      clear();
    },
    tell: (findings) => {
      clear();
      const untold: string[] = [];
      const targets = findings.map(({ path: [root, ...rest], reason }) => {
        if (root === 'key') return key.tell(rest, reason);
        if (root === 'value') return value.tell(rest, reason);
        if (root === 'partition') {
          partitionProblem.tell(reason);
          return partition;
        }
        untold.push(reason);
        return undefined;
      });
      general.tell(untold.length === 0 ? undefined : untold.join('\n'));
      targets.find((one) => one !== undefined)?.focus();
    },
  };
}
