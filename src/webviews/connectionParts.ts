/** The parts of a connection's form: TLS, logins. Each writes a part of the profile, and reads it back. */
import type { ConnectionProfile, RegistryLoginProfile, SaslProfile, SecretName } from '../wire/connection.ts';
import { choiceField, part, textField, tick, type Field, type TextField } from './connectionFields.ts';
import { t } from './host.ts';

/** Path of a field in the profile → the field, to tell findings beside it. */
export type Fields = Readonly<Record<string, Field>>;
export type SecretFields = Partial<Readonly<Record<SecretName, TextField>>>;
type ChooseFile = (title: string) => Promise<string | null>;
type Tls = ConnectionProfile['tls'];

export interface Part<V> {
  readonly elements: readonly HTMLElement[];
  readonly fields: Fields;
  readonly secrets: SecretFields;
  value: V;
  /** Shows what the choices ask for. */
  sync(): void;
}

export function tlsPart(
  at: string,
  passphrase: SecretName,
  texts: { readonly title: string; readonly help: string },
  choose: ChooseFile,
): Part<Tls> {
  const on = tick(texts.title, texts.help);
  const file = (text: string, help?: string): TextField =>
    textField(text, { choose: () => choose(text), ...(help === undefined ? {} : { help }) });
  const authorities = file(
    t('Authorities (PEM)'),
    t('Whoever signed the certificate of the other side. Empty: those that this machine trusts.'),
  );
  const certificate = file(
    t('Client certificate (PEM)'),
    t('Only where the other side asks for one (mTLS).'),
  );
  const key = file(t('Key of it (PEM)'), t('Empty: it stands in the same file.'));
  const keystore = file(t('Or a keystore of both (PKCS #12)'));
  const word = textField(t('Password of the key or keystore'), { secret: true });
  const verifyName = tick(t('The certificate must be for the name in the address'));
  const inside = part(
    authorities.element,
    certificate.element,
    key.element,
    keystore.element,
    word.element,
    verifyName.element,
  );
  const sync = (): void => {
    inside.hidden = !on.checked;
  };
  on.input.addEventListener('change', sync);
  verifyName.checked = true;
  return {
    elements: [on.element, inside],
    fields: {
      [`${at}.authorities`]: authorities,
      [`${at}.certificate`]: certificate,
      [`${at}.key`]: key,
      [`${at}.keystore`]: keystore,
    },
    secrets: { [passphrase]: word },
    get value() {
      if (!on.checked) return null;
      return {
        authorities: authorities.value,
        certificate: certificate.value,
        key: key.value,
        keystore: keystore.value,
        verifyName: verifyName.checked,
      };
    },
    set value(tls) {
      on.checked = tls !== null;
      authorities.value = tls?.authorities ?? '';
      certificate.value = tls?.certificate ?? '';
      key.value = tls?.key ?? '';
      keystore.value = tls?.keystore ?? '';
      verifyName.checked = tls?.verifyName ?? true;
      sync();
    },
    sync,
  };
}

type OAuth = Omit<Extract<SaslProfile, { mechanism: 'OAUTHBEARER' }>, 'mechanism'>;

function oauthPart(at: string, secret: SecretName): Part<OAuth> {
  const tokenUrl = textField(t('Address of tokens'), { help: t('Token endpoint of OAuth 2.0, with https') });
  const clientId = textField(t('Client id'));
  const clientSecret = textField(t('Client secret'), { secret: true });
  const scope = textField(t('Scope'), { help: t('Empty: none') });
  const cluster = textField(t('Logical cluster'), {
    help: t('Confluent Cloud: lkc-… (of the registry: lsrc-…)'),
  });
  const pool = textField(t('Identity pool'), { help: t('Confluent Cloud: pool-…') });
  /** Others that came from a file. */
  let others: OAuth['extensions'] = {};
  return {
    elements: [tokenUrl, clientId, clientSecret, scope, cluster, pool].map((one) => one.element),
    fields: { [`${at}.tokenUrl`]: tokenUrl, [`${at}.clientId`]: clientId },
    secrets: { [secret]: clientSecret },
    get value() {
      return {
        tokenUrl: tokenUrl.value,
        clientId: clientId.value,
        scope: scope.value,
        extensions: {
          ...others,
          ...(cluster.value === '' ? {} : { logicalCluster: cluster.value }),
          ...(pool.value === '' ? {} : { identityPoolId: pool.value }),
        },
      };
    },
    set value(next) {
      tokenUrl.value = next.tokenUrl;
      clientId.value = next.clientId;
      scope.value = next.scope;
      const { logicalCluster = '', identityPoolId = '', ...rest } = next.extensions;
      cluster.value = logicalCluster;
      pool.value = identityPoolId;
      others = rest;
    },
    sync: () => undefined,
  };
}

const NO_OAUTH: OAuth = { tokenUrl: '', clientId: '', scope: '', extensions: {} };

export function saslPart(): Part<SaslProfile | null> {
  const how = choiceField(t('Login'), [
    ['none', t('None')],
    ['PLAIN', t('User and password, or API key (PLAIN)')],
    ['SCRAM-SHA-256', 'SCRAM-SHA-256'],
    ['SCRAM-SHA-512', 'SCRAM-SHA-512'],
    ['OAUTHBEARER', t('OAuth 2.0 client (OAUTHBEARER)')],
  ]);
  const username = textField(t('User or API key'));
  const password = textField(t('Password or API secret'), { secret: true });
  const oauth = oauthPart('sasl', 'clientSecret');
  const byName = part(username.element, password.element);
  const byToken = part(...oauth.elements);
  const sync = (): void => {
    byName.hidden = how.value === 'none' || how.value === 'OAUTHBEARER';
    byToken.hidden = how.value !== 'OAUTHBEARER';
  };
  how.input.addEventListener('change', sync);
  return {
    elements: [how.element, byName, byToken],
    fields: { 'sasl.mechanism': how, 'sasl.username': username, ...oauth.fields },
    secrets: { password, ...oauth.secrets },
    get value() {
      const mechanism = how.value;
      if (mechanism === 'none') return null;
      return mechanism === 'OAUTHBEARER'
        ? { mechanism, ...oauth.value }
        : { mechanism, username: username.value };
    },
    set value(sasl) {
      how.value = sasl?.mechanism ?? 'none';
      username.value = sasl && 'username' in sasl ? sasl.username : '';
      oauth.value = sasl?.mechanism === 'OAUTHBEARER' ? sasl : NO_OAUTH;
      sync();
    },
    sync,
  };
}

export function registryLoginPart(): Part<RegistryLoginProfile> {
  const how = choiceField(t('Login of the registry'), [
    ['none', t('None')],
    ['basic', t('User and password, or API key')],
    ['bearer', t('A token')],
    ['oauth', t('OAuth 2.0 client')],
  ]);
  const username = textField(t('User or API key'));
  const password = textField(t('Password or API secret'), { secret: true });
  const token = textField(t('Token'), { secret: true });
  const oauth = oauthPart('registry.login', 'registryClientSecret');
  const parts = {
    none: part(),
    basic: part(username.element, password.element),
    bearer: part(token.element),
    oauth: part(...oauth.elements),
  };
  const sync = (): void => {
    for (const [kind, one] of Object.entries(parts)) one.hidden = kind !== how.value;
  };
  how.input.addEventListener('change', sync);
  return {
    elements: [how.element, ...Object.values(parts)],
    fields: { 'registry.login.username': username, ...oauth.fields },
    secrets: { registryPassword: password, registryToken: token, ...oauth.secrets },
    get value(): RegistryLoginProfile {
      switch (how.value) {
        case 'basic':
          return { kind: 'basic', username: username.value };
        case 'oauth':
          return { kind: 'oauth', ...oauth.value };
        case 'none':
        case 'bearer':
          return { kind: how.value };
      }
    },
    set value(login) {
      how.value = login.kind;
      username.value = login.kind === 'basic' ? login.username : '';
      oauth.value = login.kind === 'oauth' ? login : NO_OAUTH;
      sync();
    },
    sync,
  };
}
