/**
 * The client.properties of Kafka's Java clients (and what librdkafka names otherwise) as a connection. Names and
 * meanings: kafka.apache.org, "Security" and "Producer configs"; Confluent's Schema Registry client configuration.
 */
import {
  blankProfile,
  parseBootstrap,
  type ConnectionDraft,
  type ConnectionProfile,
  type RegistryLoginProfile,
  type SaslProfile,
  type Secrets,
} from './connections.ts';
import { UserError } from './errors.ts';
import { t } from './l10n.ts';

export type Properties = Readonly<Record<string, string>>;

export interface ImportedConnection extends ConnectionDraft {
  /** Settings that say how to connect and that could not be taken, and why. */
  readonly left: readonly { readonly key: string; readonly why: string }[];
}

type Left = ImportedConnection['left'][number];

/** The options of a JAAS login: `Module required name="value" …;`. */
export function parseJaas(text: string): Properties {
  const options: Record<string, string> = {};
  const option = /([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/g;
  for (const [, name = '', double, single, bare = ''] of text.matchAll(option)) {
    options[name] = (double ?? single)?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return options;
}

const first = (properties: Properties, ...keys: readonly string[]): string =>
  keys.map((key) => properties[key]).find((value) => value !== undefined && value !== '') ?? '';

/** `extension_logicalCluster="lkc-1"` names one. */
const extensionsOf = (jaas: Properties): Properties =>
  Object.fromEntries(
    Object.entries(jaas).flatMap(([name, value]) =>
      name.startsWith('extension_') ? [[name.slice('extension_'.length), value] as const] : [],
    ),
  );

function saslOf(properties: Properties): { readonly sasl: SaslProfile; readonly secrets: Secrets } {
  const mechanism = (first(properties, 'sasl.mechanism', 'sasl.mechanisms') || 'PLAIN').toUpperCase();
  const jaas = parseJaas(properties['sasl.jaas.config'] ?? '');
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return {
        sasl: { mechanism, username: jaas['username'] ?? first(properties, 'sasl.username') },
        secrets: { password: jaas['password'] ?? first(properties, 'sasl.password') },
      };
    case 'OAUTHBEARER':
      return {
        sasl: {
          mechanism,
          tokenUrl: first(properties, 'sasl.oauthbearer.token.endpoint.url'),
          clientId: jaas['clientId'] ?? first(properties, 'sasl.oauthbearer.client.id'),
          scope: jaas['scope'] ?? first(properties, 'sasl.oauthbearer.scope'),
          extensions: extensionsOf(jaas),
        },
        secrets: {
          clientSecret: jaas['clientSecret'] ?? first(properties, 'sasl.oauthbearer.client.secret'),
        },
      };
    default:
      throw new UserError('unknown-mechanism', t('The login {0} is not known here.', mechanism), {
        hint: t('PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER are.'),
      });
  }
}

interface TlsFound {
  readonly tls: NonNullable<ConnectionProfile['tls']>;
  readonly passphrase: string;
  readonly left: readonly Left[];
}

/** Certificates of Kafka's client, or with a prefix those of the registry's. */
function tlsOf(properties: Properties, prefix: string): TlsFound {
  const of = (...keys: readonly string[]): string => first(properties, ...keys.map((key) => prefix + key));
  const left: Left[] = [];
  const store = (which: 'truststore' | 'keystore'): { readonly type: string; readonly path: string } => {
    const path = of(`ssl.${which}.location`);
    const named = of(`ssl.${which}.type`).toUpperCase();
    const guess = /\.(pem|crt|cer)$/i.test(path) ? 'PEM' : /\.(p12|pfx)$/i.test(path) ? 'PKCS12' : 'JKS';
    return { path, type: named || guess };
  };
  const trust = store('truststore');
  const keys = store('keystore');
  if (trust.path !== '' && trust.type !== 'PEM') {
    const command = `keytool -exportcert -rfc -keystore ${trust.path} -alias … > authority.pem`;
    left.push({
      key: `${prefix}ssl.truststore.location`,
      why: t('It is no PEM. Write its certificates out: {0}', command),
    });
  }
  if (keys.path !== '' && keys.type === 'JKS') {
    const command = `keytool -importkeystore -srckeystore ${keys.path} -destkeystore client.p12 -deststoretype PKCS12`;
    left.push({
      key: `${prefix}ssl.keystore.location`,
      why: t('JKS is read by Java alone. Make it PKCS #12: {0}', command),
    });
  }
  for (const key of ['ssl.truststore.certificates', 'ssl.keystore.certificate.chain', 'ssl.keystore.key']) {
    if (of(key) !== '')
      left.push({ key: prefix + key, why: t('Write it into a file of its own, and name that.') });
  }
  const pem = keys.type === 'PEM' ? keys.path : of('ssl.certificate.location');
  return {
    tls: {
      authorities: trust.type === 'PEM' && trust.path !== '' ? trust.path : of('ssl.ca.location'),
      certificate: pem,
      key: of('ssl.key.location'),
      keystore: keys.type === 'PKCS12' ? keys.path : '',
      verifyName: properties[`${prefix}ssl.endpoint.identification.algorithm`] !== '',
    },
    passphrase: of('ssl.key.password', 'ssl.keystore.password'),
    left,
  };
}

interface RegistryFound {
  readonly registry: NonNullable<ConnectionProfile['registry']>;
  readonly secrets: Secrets;
  readonly left: readonly Left[];
}

function loginOf(
  of: (key: string) => string,
  url: URL,
  kafka: { readonly sasl: SaslProfile; readonly secrets: Secrets } | undefined,
): { login: RegistryLoginProfile; secrets: Secrets } {
  const colon = (text: string): readonly [string, string] => {
    const at = text.indexOf(':');
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  };
  const inUrl = url.username === '' ? '' : [url.username, url.password].map(decodeURIComponent).join(':');
  const info = of('basic.auth.user.info') || inUrl;
  if (info !== '') {
    const [username, registryPassword] = colon(info);
    return { login: { kind: 'basic', username }, secrets: { registryPassword } };
  }
  const { sasl, secrets } = kafka ?? {};
  if (of('basic.auth.credentials.source').toUpperCase() === 'SASL_INHERIT' && sasl && 'username' in sasl) {
    return {
      login: { kind: 'basic', username: sasl.username },
      secrets: { registryPassword: secrets?.password ?? '' },
    };
  }
  if (of('bearer.auth.credentials.source').toUpperCase().includes('OAUTHBEARER')) {
    const logicalCluster = of('bearer.auth.logical.cluster');
    const identityPoolId = of('bearer.auth.identity.pool.id');
    return {
      login: {
        kind: 'oauth',
        tokenUrl: of('bearer.auth.issuer.endpoint.url'),
        clientId: of('bearer.auth.client.id'),
        scope: of('bearer.auth.scope'),
        extensions: {
          ...(logicalCluster === '' ? {} : { logicalCluster }),
          ...(identityPoolId === '' ? {} : { identityPoolId }),
        },
      },
      secrets: { registryClientSecret: of('bearer.auth.client.secret') },
    };
  }
  const registryToken = of('bearer.auth.token');
  return registryToken === ''
    ? { login: { kind: 'none' }, secrets: {} }
    : { login: { kind: 'bearer' }, secrets: { registryToken } };
}

function registryOf(properties: Properties, kafka: Parameters<typeof loginOf>[2]): RegistryFound | undefined {
  const address = (properties['schema.registry.url'] ?? '').split(',')[0]?.trim() ?? '';
  if (address === '') return undefined;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    // The cause would show what stands before the @.
    const shown = address.replace(/\/\/.*@/, '//…@');
    throw new UserError('bad-properties', t('schema.registry.url is no address: {0}', shown));
  }
  const of = (key: string): string => first(properties, `schema.registry.${key}`, key);
  const { login, secrets } = loginOf(of, url, kafka);
  url.username = '';
  url.password = '';
  const { tls, passphrase, left } = tlsOf(properties, 'schema.registry.');
  const own = tls.authorities !== '' || tls.certificate !== '' || tls.keystore !== '' || !tls.verifyName;
  return {
    registry: { url: String(url).replace(/\/+$/, ''), login, tls: own ? tls : null },
    secrets: { ...secrets, ...(passphrase === '' ? {} : { registryPassphrase: passphrase }) },
    left,
  };
}

/** Throws UserError `bad-properties`, `unknown-mechanism`. What is no matter of connecting is passed over. */
export function fromClientProperties(properties: Properties, id: string, name: string): ImportedConnection {
  const bootstrap = parseBootstrap(first(properties, 'bootstrap.servers', 'metadata.broker.list'));
  if (bootstrap.length === 0) {
    throw new UserError('bad-properties', t('There is no bootstrap.servers in it.'), {
      hint: t('It must be a properties file as Kafka clients take it.'),
    });
  }
  const protocol = (properties['security.protocol'] ?? 'PLAINTEXT').toUpperCase();
  const withTls = protocol === 'SSL' || protocol === 'SASL_SSL' ? tlsOf(properties, '') : undefined;
  const withSasl = protocol.startsWith('SASL_') ? saslOf(properties) : undefined;
  const registry = registryOf(properties, withSasl);
  const secrets: Secrets = {
    ...withSasl?.secrets,
    ...(withTls && withTls.passphrase !== '' ? { passphrase: withTls.passphrase } : {}),
    ...registry?.secrets,
  };
  return {
    profile: {
      ...blankProfile(id),
      name,
      bootstrap,
      tls: withTls?.tls ?? null,
      sasl: withSasl?.sasl ?? null,
      registry: registry?.registry ?? null,
    },
    secrets: Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== '')),
    left: [...(withTls?.left ?? []), ...(registry?.left ?? [])],
  };
}
