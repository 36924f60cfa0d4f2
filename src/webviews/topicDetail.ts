/** A message as the pane beside the list shows it. */
import type { MessageDetail } from '../wire/topic.ts';
import type { DetailContent } from './detail.ts';
import { count, t } from './host.ts';

export function detailOf(message: MessageDetail): DetailContent {
  const { partition, offset, timestamp, key, schemaId, headers, json, size, bytes, error } = message;
  return {
    title: t('Partition {0}, offset {1}', partition, offset),
    ...(error === undefined
      ? {}
      : {
          error,
          hint: t(
            'See whether the producer writes with the registry’s serializer and its schema is still registered; the bytes are below.',
          ),
        }),
    fields: [
      { name: t('Time (UTC)'), value: timestamp },
      { name: t('Key'), value: key },
      { name: t('Schema id'), value: schemaId === null ? null : String(schemaId) },
      ...headers.map(({ name, value }) => ({ name: t('Header {0}', name), value })),
    ],
    json: {
      title:
        size === null
          ? t('Value: none, this is a tombstone')
          : error === undefined
            ? t('Value')
            : t('Value (bytes in base64)'),
      text: json,
    },
    ...(size === null ? {} : { dump: { title: t('Bytes ({0})', count(size)), text: bytes } }),
  };
}
