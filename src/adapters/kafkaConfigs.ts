/** A topic's configuration as kafkajs tells it, as core reads it. */
import { ConfigSource, type ConfigEntries, type ConfigSynonyms } from 'kafkajs';
import type { ConfigEntry } from '../core/topicDetails.ts';
import { topicSetting } from '../core/topicSettings.ts';

/** Some settings of the broker stand in for a topic's under another unit: `log.retention.hours` for `retention.ms`. */
const FACTORS: readonly (readonly [suffix: string, milliseconds: bigint])[] = [
  ['.hours', 3_600_000n],
  ['.minutes', 60_000n],
];

function inTopicUnits({ configName, configValue }: ConfigSynonyms): string {
  const factor = FACTORS.find(([suffix]) => configName.endsWith(suffix))?.[1];
  return factor === undefined ? configValue : String(BigInt(configValue) * factor);
}

/** What kafkajs gives; its types leave out that a value may be missing. */
type Told = Omit<ConfigEntries, 'configValue'> & { readonly configValue: string | null };

export function configEntry({ configName, configValue, configSource, configSynonyms }: Told): ConfigEntry {
  const own = configSource === ConfigSource.TOPIC_CONFIG;
  // From the nearest to the farthest. Where the broker names none it has set nothing, and what Kafka brings holds.
  const next = configSynonyms.find((one) => one.configSource !== ConfigSource.TOPIC_CONFIG);
  const brought = topicSetting(configName)?.default ?? null;
  return {
    name: configName,
    value: configValue,
    own,
    fallback: own ? (next ? inTopicUnits(next) : brought) : configValue,
  };
}
