/** A message as the pane beside the list shows it. */
import type { ExplainedPart, Field, MessageDetail } from '../wire/topic.ts';
import type { DetailAction, DetailContent, Field as Line } from './detail.ts';
import { count, t } from './host.ts';

const versionText = ({ subject, version }: { readonly subject: string; readonly version: number }): string =>
  t('{0}, version {1}', subject, version);

function schemaFields({ writer, reader }: ExplainedPart): readonly Line[] {
  if (!writer) return [];
  const held = writer.versions.map(versionText);
  const newer = reader && reader.id !== writer.id ? versionText(reader) : undefined;
  return [
    { name: t('Schema'), value: [...held, writer.message ?? writer.type].join(' · ') },
    ...(newer === undefined ? [] : [{ name: t('Newest version'), value: newer }]),
  ];
}

/** What is stored in another form than it is shown. */
function formsTable({ logical, untold }: ExplainedPart): Pick<DetailContent, 'table'> {
  if (logical.length === 0) return {};
  const rows = logical.map(({ path, type, readable, underlying, unscaled }) => [
    path,
    type,
    readable,
    unscaled === undefined ? underlying : `${underlying} (${unscaled})`,
  ]);
  const more = untold === 0 ? [] : [[t('and {0} more', count(untold)), '', '', '']];
  return {
    table: {
      title: t('Stored in another form'),
      head: [t('Field'), t('Type'), t('As shown'), t('As stored')],
      rows: [...rows, ...more],
    },
  };
}

function schemaTexts({ writer, reader }: ExplainedPart): Pick<DetailContent, 'folded'> {
  if (!writer) return {};
  return {
    folded: [
      { title: t('Schema it was written with (id {0})', writer.id), text: writer.text },
      ...(reader && reader.id !== writer.id
        ? [{ title: t('Newest schema (id {0})', reader.id), text: reader.text }]
        : []),
    ],
  };
}

/** As `read --json` writes it: a fixture of a test. */
function wholeOf({
  partition,
  offset,
  timestamp,
  key,
  json,
  headers,
  schemaId,
  error,
}: MessageDetail): string {
  const value = JSON.parse(json) as unknown;
  const whole = { partition, offset, timestamp, key, value, headers, schemaId, ...(error ? { error } : {}) };
  return JSON.stringify(whole, null, 2);
}

/** A part of the message that a person points at. */
export interface Pointed {
  /** The key is no field. */
  readonly field: Field | undefined;
  readonly name: string;
  /** Text of a scalar, `null` for a null; undefined for what is none. */
  readonly value: string | undefined;
}

export interface DetailUse {
  readonly onPointed: (pointed: Pointed, opener: HTMLElement) => void;
  readonly actions: readonly DetailAction[];
}

export function detailOf(message: MessageDetail, { onPointed, actions }: DetailUse): DetailContent {
  const { partition, offset, timestamp, key, schemaId, headers, json, size, bytes, error, explained } =
    message;
  const failure = explained?.failure;
  const reason = failure?.reason ?? error;
  return {
    title: t('Partition {0}, offset {1}', partition, offset),
    ...(reason === undefined ? {} : { error: reason }),
    ...(failure === undefined ? {} : { hint: failure.next }),
    fields: [
      { name: t('Time (UTC)'), value: timestamp },
      {
        name: t('Key'),
        value: key,
        ...(key === null
          ? {}
          : {
              onName: (opener) => {
                onPointed({ field: undefined, name: t('Key'), value: key }, opener);
              },
            }),
      },
      { name: t('Schema id'), value: schemaId === null ? null : String(schemaId) },
      ...(explained ? schemaFields(explained) : []),
      ...headers.map(({ name, value }): Line => {
        const shown = t('Header {0}', name);
        const field = { of: 'header', path: name } as const;
        return {
          name: shown,
          value,
          onName: (opener) => {
            onPointed({ field, name: shown, value: value ?? 'null' }, opener);
          },
        };
      }),
    ],
    json: {
      title:
        size === null
          ? t('Value: none, this is a tombstone')
          : reason === undefined
            ? t('Value')
            : t('Value (bytes in base64)'),
      text: json,
      onField: ({ path, value }, opener) => {
        onPointed({ field: { of: 'value', path }, name: path, value }, opener);
      },
    },
    actions,
    copies: [{ label: t('Copy all'), text: wholeOf(message) }],
    ...(explained ? { ...formsTable(explained), ...schemaTexts(explained) } : {}),
    ...(size === null ? {} : { dump: { title: t('Bytes ({0})', count(size)), text: bytes } }),
  };
}
