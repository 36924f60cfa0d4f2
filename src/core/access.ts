/** How a Kafka cluster and its schema registry are reached, secrets included: held in memory only, while they are used. */
import type { Endpoints } from './sandbox.ts';

/** Paths of files. Empty: what the machine trusts, and no certificate of our own. */
export interface TlsAccess {
  /** PEM of the authorities that sign the other side's certificate. */
  readonly authorities: string;
  /** PEM of our certificate and those above it, and of its key, which may stand in the same file. */
  readonly certificate: string;
  readonly key: string;
  /** PKCS #12 of both, in their place. */
  readonly keystore: string;
  /** Of the key or the keystore. */
  readonly passphrase: string;
  /** False: the certificate may be for another name. */
  readonly verifyName: boolean;
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4). */
export interface OAuthAccess {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Empty: none is asked for. */
  readonly scope: string;
  /** Sent beside the token: Confluent Cloud takes `logicalCluster` and `identityPoolId`. */
  readonly extensions: Readonly<Record<string, string>>;
}

export type SaslAccess =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | ({ readonly mechanism: 'OAUTHBEARER' } & OAuthAccess);

export interface KafkaAccess {
  /** `host:port` of at least one broker. */
  readonly bootstrap: readonly string[];
  /** Null: not encrypted. */
  readonly tls: TlsAccess | null;
  /** Null: no login. */
  readonly sasl: SaslAccess | null;
}

export type RegistryLogin =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | ({ readonly kind: 'oauth' } & OAuthAccess);

export interface RegistryAccess {
  /** Base URL of the Confluent API, without a trailing slash. */
  readonly url: string;
  readonly login: RegistryLogin;
  /** For https; null: what the machine trusts. */
  readonly tls: TlsAccess | null;
}

export interface ClusterAccess {
  /** The connection that a person made; missing for the sandbox. */
  readonly connection?: { readonly id: string; readonly name: string };
  readonly kafka: KafkaAccess;
  /** Null: there is none. */
  readonly registry: RegistryAccess | null;
}

export const sandboxAccess = ({ bootstrap, registryUrl }: Endpoints): ClusterAccess => ({
  kafka: { bootstrap: [bootstrap], tls: null, sasl: null },
  registry: { url: registryUrl, login: { kind: 'none' }, tls: null },
});
