/**
 * The clusters that the Confluent CLI keeps in ~/.confluent: `config.json`, or `contexts.json` in its newer versions,
 * as its source writes them (confluentinc/cli, pkg/config).
 */
import { blankProfile, NEW_TLS, parseBootstrap, type ConnectionDraft } from './connections.ts';
import { UserError } from './errors.ts';
import { t } from './l10n.ts';

interface KeyPair {
  readonly api_key?: string;
  readonly api_secret?: string;
  /** Present when the secret is encrypted. */
  readonly salt?: unknown;
}

interface KafkaCluster {
  readonly id?: string;
  readonly name?: string;
  readonly bootstrap_servers?: string;
  readonly api_key?: string;
  readonly api_keys?: Readonly<Record<string, KeyPair>>;
}

type Clusters = Readonly<Record<string, KafkaCluster>>;

interface Context {
  readonly kafka_cluster_context?: {
    readonly kafka_cluster_configs?: Clusters;
    readonly kafka_environment_contexts?: Readonly<
      Record<string, { readonly kafka_cluster_infos?: Clusters }>
    >;
  };
}

/** The CLI's own mark of what it encrypted for this machine; only the CLI can read it. */
const ENCRYPTED = /^AES\/GCM/;

function draftOf(cluster: KafkaCluster, id: string): ConnectionDraft | undefined {
  const bootstrap = parseBootstrap(cluster.bootstrap_servers ?? '');
  if (bootstrap.length === 0) return undefined;
  const plain = /^PLAINTEXT:/i.test(cluster.bootstrap_servers ?? '');
  const key = cluster.api_keys?.[cluster.api_key ?? ''] ?? Object.values(cluster.api_keys ?? {})[0];
  const secret = key?.api_secret ?? '';
  const readable = secret !== '' && !ENCRYPTED.test(secret) && (key?.salt === undefined || key.salt === null);
  return {
    profile: {
      ...blankProfile(id),
      name: cluster.name ?? cluster.id ?? '',
      bootstrap,
      tls: plain ? null : NEW_TLS,
      sasl: plain ? null : { mechanism: 'PLAIN', username: key?.api_key ?? cluster.api_key ?? '' },
    },
    secrets: readable ? { password: secret } : {},
  };
}

/** Each cluster once. Secrets that the CLI encrypted are left out. Throws UserError `not-confluent`. */
export function parseConfluentCli(text: string, newId: () => string): readonly ConnectionDraft[] {
  let contexts: readonly Context[];
  try {
    contexts = Object.values((JSON.parse(text) as { contexts?: Record<string, Context> }).contexts ?? {});
  } catch (error) {
    throw new UserError('not-confluent', t('This is no configuration of the Confluent CLI.'), {
      cause: error,
    });
  }
  const found = new Map<string, KafkaCluster>();
  for (const { kafka_cluster_context: kafka } of contexts) {
    const maps = [
      kafka?.kafka_cluster_configs,
      ...Object.values(kafka?.kafka_environment_contexts ?? {}).map((one) => one.kafka_cluster_infos),
    ];
    for (const clusters of maps) {
      for (const [id, cluster] of Object.entries(clusters ?? {})) found.set(id, { ...cluster, id });
    }
  }
  return [...found.values()].flatMap((cluster) => draftOf(cluster, newId()) ?? []);
}
