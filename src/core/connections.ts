/** Connections to other Kafkas beside the sandbox. What is secret of one is kept apart, under names of its own. */
import type { ClusterAccess, OAuthAccess, RegistryLogin, SaslAccess, TlsAccess } from './access.ts';
import { t } from './l10n.ts';
import { isLoopback } from './loopback.ts';

export const COLOURS = ['none', 'blue', 'green', 'yellow', 'orange', 'red', 'purple'] as const;
export type Colour = (typeof COLOURS)[number];

export const SECRETS = [
  'password',
  'clientSecret',
  'passphrase',
  'registryPassword',
  'registryToken',
  'registryClientSecret',
  'registryPassphrase',
] as const;
export type SecretName = (typeof SECRETS)[number];
export type Secrets = Partial<Readonly<Record<SecretName, string>>>;

type OAuthProfile = Omit<OAuthAccess, 'clientSecret'>;
type TlsProfile = Omit<TlsAccess, 'passphrase'>;

export type SaslProfile =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
    }
  | ({ readonly mechanism: 'OAUTHBEARER' } & OAuthProfile);
export type RegistryLoginProfile =
  | { readonly kind: 'none' | 'bearer' }
  | { readonly kind: 'basic'; readonly username: string }
  | ({ readonly kind: 'oauth' } & OAuthProfile);

export interface ConnectionProfile {
  /** Never changes, so that secrets and what is remembered stay with it. */
  readonly id: string;
  readonly name: string;
  /** `host:port` each. */
  readonly bootstrap: readonly string[];
  readonly tls: TlsProfile | null;
  readonly sasl: SaslProfile | null;
  readonly registry: {
    readonly url: string;
    readonly login: RegistryLoginProfile;
    readonly tls: TlsProfile | null;
  } | null;
  /** Nothing is written through it. */
  readonly readOnly: boolean;
  readonly colour: Colour;
}

/** A connection that is being made or changed; secrets that are missing stay as they are kept. */
export interface ConnectionDraft {
  readonly profile: ConnectionProfile;
  readonly secrets: Secrets;
}

export const NEW_TLS: TlsProfile = {
  authorities: '',
  certificate: '',
  key: '',
  keystore: '',
  verifyName: true,
};

const saslAccess = (sasl: SaslProfile, { password = '', clientSecret = '' }: Secrets): SaslAccess =>
  sasl.mechanism === 'OAUTHBEARER' ? { ...sasl, clientSecret } : { ...sasl, password };

function loginAccess(login: RegistryLoginProfile, secrets: Secrets): RegistryLogin {
  switch (login.kind) {
    case 'none':
      return { kind: 'none' };
    case 'basic':
      return { ...login, password: secrets.registryPassword ?? '' };
    case 'bearer':
      return { kind: 'bearer', token: secrets.registryToken ?? '' };
    case 'oauth':
      return { ...login, clientSecret: secrets.registryClientSecret ?? '' };
  }
}

export function accessOf({ profile, secrets }: ConnectionDraft): ClusterAccess {
  const { id, name, bootstrap, tls, sasl, registry } = profile;
  return {
    connection: { id, name },
    kafka: {
      bootstrap,
      tls: tls && { ...tls, passphrase: secrets.passphrase ?? '' },
      sasl: sasl && saslAccess(sasl, secrets),
    },
    registry: registry && {
      url: registry.url.replace(/\/+$/, ''),
      login: loginAccess(registry.login, secrets),
      tls: registry.tls && { ...registry.tls, passphrase: secrets.registryPassphrase ?? '' },
    },
  };
}

/** The secrets that a profile has a use for. */
export function secretsOf({ tls, sasl, registry }: ConnectionProfile): readonly SecretName[] {
  const registrySecret = {
    none: [],
    basic: ['registryPassword'],
    bearer: ['registryToken'],
    oauth: ['registryClientSecret'],
  } as const;
  const hasKey = (one: TlsProfile): boolean => one.keystore !== '' || one.certificate !== '';
  return [
    ...(sasl === null ? [] : ([sasl.mechanism === 'OAUTHBEARER' ? 'clientSecret' : 'password'] as const)),
    ...(tls && hasKey(tls) ? (['passphrase'] as const) : []),
    ...(registry ? registrySecret[registry.login.kind] : []),
    ...(registry?.tls && hasKey(registry.tls) ? (['registryPassphrase'] as const) : []),
  ];
}

export interface Finding {
  /** Path of the field in the profile: `sasl.username`. */
  readonly field: string;
  readonly problem: string;
}

const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[^\s:/,[\]]+):(\d{1,5})$/i;

export function isAddress(text: string): boolean {
  const port = ADDRESS.exec(text)?.[1];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}

/** `secret`: a password or token goes there. */
function urlProblem(text: string, secret: boolean): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return t('An address like https://registry.example.com');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return t('An address of http or https');
  if (url.username !== '' || url.password !== '')
    return t('Without user and password: they have fields of their own.');
  if (secret && url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    return t('A login needs https: without it anyone on the way could read it.');
  }
  return undefined;
}

function tlsFindings(at: string, tls: TlsProfile | null): readonly Finding[] {
  if (!tls) return [];
  const { certificate, key, keystore } = tls;
  if (keystore !== '' && (certificate !== '' || key !== '')) {
    return [{ field: `${at}.keystore`, problem: t('Either a keystore, or a certificate with its key') }];
  }
  if (key !== '' && certificate === '') {
    return [{ field: `${at}.certificate`, problem: t('The certificate that belongs to the key') }];
  }
  return [];
}

const oauthFindings = (at: string, { tokenUrl, clientId }: OAuthProfile): readonly Finding[] => {
  const problem = urlProblem(tokenUrl, true);
  return [
    ...(problem === undefined ? [] : [{ field: `${at}.tokenUrl`, problem }]),
    ...(clientId === '' ? [{ field: `${at}.clientId`, problem: t('A client id') }] : []),
  ];
};

/** What must be mended before it can be used; `others` are the names that are taken. */
export function findingsOf(profile: ConnectionProfile, others: readonly string[]): readonly Finding[] {
  const { name, bootstrap, tls, sasl, registry } = profile;
  const findings: Finding[] = [];
  const add = (field: string, problem: string | undefined): void => {
    if (problem !== undefined) findings.push({ field, problem });
  };
  if (name.trim() === '') add('name', t('A name'));
  else if (others.includes(name)) add('name', t('There is a connection of this name already.'));
  const wrong = bootstrap.find((address) => !isAddress(address));
  if (bootstrap.length === 0) add('bootstrap', t('At least one address, as host:port'));
  else if (wrong !== undefined) add('bootstrap', t('"{0}" is no host:port', wrong));
  findings.push(...tlsFindings('tls', tls));
  if (sasl?.mechanism === 'OAUTHBEARER') findings.push(...oauthFindings('sasl', sasl));
  else if (sasl?.username === '') add('sasl.username', t('A user name (or an API key)'));
  const readable = sasl?.mechanism === 'PLAIN' || sasl?.mechanism === 'OAUTHBEARER';
  if (readable && !tls && !bootstrap.every(isLocal)) {
    add('sasl.mechanism', t('This login is sent as it is, for anyone on the way to read: turn TLS on.'));
  }
  if (registry) {
    const { login } = registry;
    add('registry.url', urlProblem(registry.url, login.kind !== 'none'));
    if (login.kind === 'basic' && login.username === '') {
      add('registry.login.username', t('A user name (or an API key)'));
    }
    if (login.kind === 'oauth') findings.push(...oauthFindings('registry.login', login));
    findings.push(...tlsFindings('registry.tls', registry.tls));
  }
  return findings;
}

const isLocal = (address: string): boolean => isLoopback(address.replace(/:\d+$/, ''));

export const parseBootstrap = (text: string): readonly string[] =>
  text
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^[a-z_]+:\/\//i, ''))
    .filter((part) => part !== '');

/** What a person wrote as addresses, as they are kept. */
export const withAddresses = (profile: ConnectionProfile): ConnectionProfile => ({
  ...profile,
  bootstrap: parseBootstrap(profile.bootstrap.join(',')),
});

export const blankProfile = (id: string): ConnectionProfile => ({
  id,
  name: '',
  bootstrap: [],
  tls: NEW_TLS,
  sasl: { mechanism: 'PLAIN', username: '' },
  registry: null,
  readOnly: false,
  colour: 'none',
});

/** What a test of a connection found, one line for each part. */
export interface ConnectionTest {
  readonly part: 'kafka' | 'registry';
  readonly good: boolean;
  readonly text: string;
  readonly hint?: string;
}
