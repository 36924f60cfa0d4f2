/** A topic and its configuration, as text for people. */
import { t } from '../core/l10n.ts';
import { configText, inReadingOrder } from '../core/topicConfigs.ts';
import {
  bytesIn,
  messagesIn,
  messagesOf,
  type ConfigEntry,
  type PartitionDetail,
  type TopicDetail,
} from '../core/topicDetails.ts';
import { topicSetting } from '../core/topicSettings.ts';
import { textTable } from './textTable.ts';

const sizeText = (bytes: string | null): string =>
  bytes === null ? '–' : t('{0} MB', (Number(bytes) / 1e6).toFixed(1));

function partitionsText(partitions: readonly PartitionDetail[]): string {
  return textTable(
    [
      { name: t('partition'), type: 'int' },
      { name: t('leader'), type: 'int' },
      { name: t('replicas'), type: 'string' },
      { name: t('in sync'), type: 'string' },
      { name: t('first offset'), type: 'bigint' },
      { name: t('next offset'), type: 'bigint' },
      { name: t('messages'), type: 'bigint' },
      { name: t('size'), type: 'string' },
    ],
    partitions.map((partition) => [
      partition.id,
      partition.leader === null ? '–' : String(partition.leader),
      partition.replicas.join(','),
      partition.inSync.join(','),
      partition.low,
      partition.high,
      String(messagesOf(partition)),
      sizeText(partition.bytes),
    ]),
  );
}

function configLines({ name, value, own, fallback }: ConfigEntry): readonly string[] {
  const setting = topicSetting(name);
  return [
    `${own ? '●' : ' '} ${name} = ${configText(name, value)}`,
    ...(setting ? [`    ${setting.meaning()}`] : []),
    ...(own && fallback !== null ? [`    ${t('Default: {0}', configText(name, fallback))}`] : []),
  ];
}

/** What the topic has of its own, and the usual settings; `--json` has all. */
export function configsText(configs: readonly ConfigEntry[]): string {
  return inReadingOrder(configs)
    .filter(({ name, own }) => own || topicSetting(name) !== undefined)
    .flatMap(configLines)
    .join('\n');
}

export function topicText({ name, partitions, configs }: TopicDetail): string {
  const size = sizeText(bytesIn(partitions));
  return [
    t(
      '{0}: {1} messages in {2} partitions, {3}',
      name,
      String(messagesIn(partitions)),
      partitions.length,
      size,
    ),
    '',
    partitionsText(partitions),
    '',
    t('Settings (● its own, else the default):'),
    configsText(configs),
  ].join('\n');
}
