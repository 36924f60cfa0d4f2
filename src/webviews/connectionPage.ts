/** The form of a connection to another Kafka: test it, then save it. */
import type {
  Colour,
  ConnectionCalls,
  ConnectionDraft,
  ConnectionProfile,
  ConnectionTest,
  Finding,
  OpenedConnection,
  SecretName,
  Secrets,
} from '../wire/connection.ts';
import { choiceField, part, section, textField, tick } from './connectionFields.ts';
import { registryLoginPart, saslPart, tlsPart, type Fields, type SecretFields } from './connectionParts.ts';
import { button, element } from './dom.ts';
import { connect, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';

const host = connect<ConnectionCalls>({ changed: () => undefined });
const main = document.querySelector('main');
const chooseFile = (title: string): Promise<string | null> => host.call('chooseFile', { title });

const COLOURS: readonly (readonly [Colour, string])[] = [
  ['none', t('None')],
  ['blue', t('Blue')],
  ['green', t('Green')],
  ['yellow', t('Yellow')],
  ['orange', t('Orange')],
  ['red', t('Red')],
  ['purple', t('Purple')],
];

const name = textField(t('Name'));
const bootstrap = textField(t('Bootstrap servers'), {
  help: t('host:port of a broker; more of them with commas between'),
});
const colour = choiceField(t('Colour'), COLOURS, t('Shown wherever its data is: red for production, say.'));
const readOnly = tick(t('Read-only'), t('Nothing is sent, changed or deleted through it.'));
const tls = tlsPart(
  'tls',
  'passphrase',
  { title: t('Encrypted (TLS)'), help: t('Off only inside a safe network') },
  chooseFile,
);
const sasl = saslPart();
const hasRegistry = tick(t('It has a schema registry'));
const url = textField(t('Address'), { help: t('Base URL of the Confluent API') });
const login = registryLoginPart();
const registryTls = tlsPart(
  'registry.tls',
  'registryPassphrase',
  { title: t('Certificates of its own'), help: t('Where https alone does not do') },
  chooseFile,
);
const ofRegistry = part(url.element, ...login.elements, ...registryTls.elements);

const fields: Fields = {
  name,
  bootstrap,
  ...tls.fields,
  ...sasl.fields,
  'registry.url': url,
  ...login.fields,
  ...registryTls.fields,
};
const secretFields: SecretFields = {
  ...tls.secrets,
  ...sasl.secrets,
  ...login.secrets,
  ...registryTls.secrets,
};

const said = element('div', { class: 'told-parts', role: 'status', 'aria-live': 'polite' });
const notice = createNotice();
const test = button(t('Test'), () => void act(test, tryIt), { class: 'secondary' });
const save = button(t('Save'), () => void act(save, keep), { class: 'primary' });
const cancel = button(t('Cancel'), () => void host.call('cancel', null), { class: 'secondary' });

let id = '';
/** Changes with each answer, so that an old answer to a check is not shown. */
let edition = 0;
let tried = false;

const syncRegistry = (): void => {
  ofRegistry.hidden = !hasRegistry.checked;
};
hasRegistry.input.addEventListener('change', syncRegistry);

function read(): ConnectionProfile {
  return {
    id,
    name: name.value,
    // As it was written: the host takes it apart.
    bootstrap: [bootstrap.value],
    tls: tls.value,
    sasl: sasl.value,
    registry: hasRegistry.checked ? { url: url.value, login: login.value, tls: registryTls.value } : null,
    readOnly: readOnly.checked,
    colour: colour.value,
  };
}

function typedSecrets(): Secrets {
  const typed: Partial<Record<SecretName, string>> = {};
  for (const [key, field] of Object.entries(secretFields) as [SecretName, { value: string }][]) {
    if (field.value !== '') typed[key] = field.value;
  }
  return typed;
}

const draft = (): ConnectionDraft => ({ profile: read(), secrets: typedSecrets() });

function tellFindings(findings: readonly Finding[]): void {
  for (const [path, field] of Object.entries(fields)) {
    field.problem.tell(findings.find((one) => one.field === path)?.problem);
  }
}

/** Nothing is said of a field before the person has tried to use it. */
async function check(): Promise<readonly Finding[]> {
  const mine = ++edition;
  const findings = await host.call('check', read());
  if (tried && mine === edition) tellFindings(findings);
  return findings;
}

function focusFirst(findings: readonly Finding[]): void {
  const first = findings.map((one) => fields[one.field]).find((one) => one !== undefined);
  first?.input.focus();
}

const line = ({ good, text, hint, part: of }: ConnectionTest): HTMLElement =>
  element(
    'p',
    { class: good ? 'good' : 'problem' },
    `${good ? '✓' : '✗'} ${of === 'kafka' ? 'Kafka' : t('Schema registry')}: ${text}`,
    ...(hint === undefined ? [] : [element('span', { class: 'help' }, ` ${hint}`)]),
  );

/** Shows that it is at work, and what went wrong. */
async function act(pressed: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
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
}

async function whole(): Promise<boolean> {
  tried = true;
  const findings = await check();
  tellFindings(findings);
  focusFirst(findings);
  if (findings.length > 0)
    said.replaceChildren(element('p', { class: 'problem' }, t('Mend what is marked first.')));
  return findings.length === 0;
}

async function tryIt(): Promise<void> {
  if (!(await whole())) return;
  said.replaceChildren(element('p', {}, t('Connecting…')));
  const mine = edition;
  const results = await host.call('test', draft());
  // What was changed meanwhile was not tried.
  if (mine === edition) said.replaceChildren(...results.map(line));
}

async function keep(): Promise<void> {
  if (!(await whole())) return;
  const findings = await host.call('save', draft());
  tellFindings(findings);
  focusFirst(findings);
}

function paint({ profile, kept, left, isNew }: OpenedConnection): void {
  id = profile.id;
  name.value = profile.name;
  bootstrap.value = profile.bootstrap.join(', ');
  colour.value = profile.colour;
  readOnly.checked = profile.readOnly;
  tls.value = profile.tls;
  sasl.value = profile.sasl;
  hasRegistry.checked = profile.registry !== null;
  url.value = profile.registry?.url ?? '';
  login.value = profile.registry?.login ?? { kind: 'none' };
  registryTls.value = profile.registry?.tls ?? null;
  syncRegistry();
  for (const [key, field] of Object.entries(secretFields)) {
    const input = field.input as HTMLInputElement;
    input.placeholder = kept.includes(key as SecretName) ? t('Kept; type to replace it') : '';
  }
  const form = element(
    'form',
    { class: 'report connection' },
    ...(left.length === 0
      ? []
      : [
          element(
            'section',
            { class: 'left', role: 'note' },
            element('h2', {}, t('Not taken from the file')),
            element(
              'ul',
              {},
              ...left.map(({ key, why }) => element('li', {}, element('code', {}, key), ` ${why}`)),
            ),
          ),
        ]),
    section(t('Kafka'), name.element, bootstrap.element, colour.element, readOnly.element),
    section(t('Encryption'), ...tls.elements),
    section(t('Login'), ...sasl.elements),
    section(t('Schema registry'), hasRegistry.element, ofRegistry),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void act(save, keep);
  });
  form.addEventListener('input', () => {
    said.replaceChildren();
    void check().catch(() => undefined);
  });
  // Enter in a field saves.
  const submit = element('button', {
    type: 'submit',
    class: 'unseen',
    tabindex: '-1',
    'aria-hidden': 'true',
  });
  form.append(submit);
  main?.replaceChildren(
    element(
      'header',
      { class: 'toolbar' },
      element('h1', {}, isNew ? t('New connection') : t('Connection {0}', profile.name)),
      element('div', { class: 'buttons' }, test, save, cancel),
    ),
    said,
    form,
  );
  name.input.focus();
}

host.call('opened', null).then(paint, (error: unknown) => {
  main?.replaceChildren(notice.element);
  notice.failed(toFailure(error), []);
});
