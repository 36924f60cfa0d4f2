/** A form that is tested and then saved: its buttons at work, what was found, marks beside the fields. */
import type { Finding } from '../wire/connection.ts';
import type { Field } from './connectionFields.ts';
import { button, element } from './dom.ts';
import { t, toFailure } from './host.ts';

export interface TestedForm {
  /** Path of a field in the profile → the field, to tell findings beside it. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly host: {
    check(): Promise<readonly Finding[]>;
    /** One line for each part that was tried. */
    test(): Promise<readonly { readonly good: boolean; readonly text: string; readonly hint?: string }[]>;
    save(): Promise<readonly Finding[]>;
    cancel(): void;
  };
}

/** Returns what shows the form. */
export function createTestedForm({
  fields,
  host,
}: TestedForm): (title: string, ...content: readonly HTMLElement[]) => void {
  const said = element('div', { class: 'told-parts', role: 'status', 'aria-live': 'polite' });
  const test = button(t('Test'), () => void act(test, tryIt), { class: 'secondary' });
  const save = button(t('Save'), () => void act(save, keep), { class: 'primary' });
  const cancel = button(
    t('Cancel'),
    () => {
      host.cancel();
    },
    { class: 'secondary' },
  );

  /** Changes with each answer, so that an old answer to a check is not shown. */
  let edition = 0;
  let tried = false;

  const tellFindings = (findings: readonly Finding[]): void => {
    for (const [path, field] of Object.entries(fields)) {
      field.problem.tell(findings.find((one) => one.field === path)?.problem);
    }
  };
  /** Nothing is said of a field before the person has tried to use it. */
  const check = async (): Promise<readonly Finding[]> => {
    const mine = ++edition;
    const findings = await host.check();
    if (tried && mine === edition) tellFindings(findings);
    return findings;
  };
  const focusFirst = (findings: readonly Finding[]): void => {
    const first = findings.map((one) => fields[one.field]).find((one) => one !== undefined);
    first?.input.focus();
  };
  /** Shows that it is at work, and what went wrong. */
  const act = async (pressed: HTMLButtonElement, work: () => Promise<void>): Promise<void> => {
    if (pressed.ariaDisabled === 'true') return;
    pressed.ariaDisabled = 'true';
    try {
      await work();
    } catch (error) {
      const { message, hint } = toFailure(error);
      said.replaceChildren(
        element('p', { class: 'problem' }, hint === undefined ? message : `${message} ${hint}`),
      );
    } finally {
      pressed.ariaDisabled = null;
    }
  };
  const whole = async (): Promise<boolean> => {
    tried = true;
    const findings = await check();
    tellFindings(findings);
    focusFirst(findings);
    if (findings.length > 0) {
      said.replaceChildren(element('p', { class: 'problem' }, t('Mend what is marked first.')));
    }
    return findings.length === 0;
  };
  const tryIt = async (): Promise<void> => {
    if (!(await whole())) return;
    said.replaceChildren(element('p', {}, t('Connecting…')));
    const mine = edition;
    const results = await host.test();
    // What was changed meanwhile was not tried.
    if (mine !== edition) return;
    said.replaceChildren(
      ...results.map(({ good, text, hint }) =>
        element(
          'p',
          { class: good ? 'good' : 'problem' },
          `${good ? '✓' : '✗'} ${text}`,
          ...(hint === undefined ? [] : [element('span', { class: 'help' }, ` ${hint}`)]),
        ),
      ),
    );
  };
  const keep = async (): Promise<void> => {
    if (!(await whole())) return;
    const findings = await host.save();
    tellFindings(findings);
    focusFirst(findings);
  };

  return (title, ...content) => {
    const form = element('form', { class: 'report connection' }, ...content);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void act(save, keep);
    });
    form.addEventListener('input', () => {
      said.replaceChildren();
      void check().catch(() => undefined);
    });
    // Enter in a field saves.
    form.append(
      element('button', { type: 'submit', class: 'unseen', tabindex: '-1', 'aria-hidden': 'true' }),
    );
    document
      .querySelector('main')
      ?.replaceChildren(
        element(
          'header',
          { class: 'toolbar' },
          element('h1', {}, title),
          element('div', { class: 'buttons' }, test, save, cancel),
        ),
        said,
        form,
      );
  };
}
