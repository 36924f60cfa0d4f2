/** The form of a connection to another Kafka: test it, then save it. */
import type {
  ConnectionCalls,
  ConnectionDraft,
  ConnectionProfile,
  OpenedConnection,
  SecretName,
  Secrets,
} from '../wire/connection.ts';
import { colourField } from './colourField.ts';
import { part, section, textField, tick } from './connectionFields.ts';
import { registryLoginPart, saslPart, tlsPart, type Fields, type SecretFields } from './connectionParts.ts';
import { element } from './dom.ts';
import { connect, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';
import { createTestedForm } from './testedForm.ts';

const host = connect<ConnectionCalls>({ changed: () => undefined });
const main = document.querySelector('main');
const chooseFile = (title: string): Promise<string | null> => host.call('chooseFile', { title });

const name = textField(t('Name'));
const bootstrap = textField(t('Bootstrap servers'), {
  help: t('host:port of a broker; more of them with commas between'),
});
const colour = colourField(t('Shown wherever its data is: red for production, say.'));
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

const notice = createNotice();

let id = '';

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

const show = createTestedForm({
  fields,
  host: {
    check: () => host.call('check', read()),
    test: async () =>
      (await host.call('test', draft())).map(({ part: of, text, ...rest }) => ({
        ...rest,
        text: `${of === 'kafka' ? 'Kafka' : t('Schema registry')}: ${text}`,
      })),
    save: () => host.call('save', draft()),
    cancel: () => void host.call('cancel', null),
  },
});

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
  show(
    isNew ? t('New connection') : t('Connection {0}', profile.name),
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
  name.input.focus();
}

host.call('opened', null).then(paint, (error: unknown) => {
  main?.replaceChildren(notice.element);
  notice.failed(toFailure(error), []);
});
