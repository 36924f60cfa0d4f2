/** The report of a rehearsal, in lines for people. */
import { t } from './l10n.ts';
import { runsText } from './offsetRuns.ts';
import { impactText } from './pipelineImpact.ts';
import { JSON_SUBJECT, PIPELINE_SUBJECT } from './pipelineUse.ts';
import { TOPICS } from './orders.ts';
import type { Rehearsal, Trouble } from './rehearsal.ts';
import { changeText } from './schemaDiff.ts';

/** Runs of offsets that a person gets to see of one trouble; --json has all. */
const RUNS_SHOWN = 200;

/** Names on the left, numbers on the right. */
function columns(rows: readonly (readonly [string, number])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  const digits = Math.max(...rows.map(([, number]) => String(number).length));
  return rows.map(([name, number]) => `  ${name.padEnd(width)}  ${String(number).padStart(digits)}`);
}

function troubleLines({ field, reason, messages, schemaId, places, placesCut }: Trouble): readonly string[] {
  const what = field === '' ? reason : `${field}: ${reason}`;
  const by = schemaId === null ? '' : ` · ${t('schema {0}', schemaId)}`;
  return [
    `  ${what} · ${messages === 1 ? t('1 message') : t('{0} messages', messages)}${by}`,
    `    ${runsText(places, RUNS_SHOWN)}${placesCut && places.length <= RUNS_SHOWN ? ', …' : ''}`,
  ];
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

/** Whether anything stands against the draft. */
export const standsAgainst = ({ unreadable, different, pipeline }: Rehearsal): boolean =>
  unreadable > 0 || different > 0 || pipeline.length > 0;

/** The whole in one sentence. */
export function rehearsalSummary(found: Rehearsal): string {
  const { subject, messages, unreadable, different, pipeline } = found;
  const fields = pipeline.map(({ field }) => field).join(', ');
  if (!standsAgainst(found)) return t('The draft reads all that it should: {0} messages tried.', messages);
  return [
    ...(unreadable > 0 ? [t('{0} of {1} messages cannot be read.', unreadable, messages)] : []),
    ...(different > 0 ? [t('{0} of {1} messages are read as another value.', different, messages)] : []),
    ...(pipeline.length > 0
      ? [
          subject === JSON_SUBJECT
            ? t('The pipeline would break at {0}.', fields)
            : t('The pipeline breaks at {0}.', fields),
        ]
      : []),
  ].join(' ');
}

export function rehearsalLines(found: Rehearsal): readonly string[] {
  const { subject, type, topic, messages, inTopic, troubles, writers, changes, pipeline } = found;
  const of = (effect: Trouble['effect']): readonly string[] =>
    troubles.filter((trouble) => trouble.effect === effect).flatMap(troubleLines);
  const described =
    type !== 'PROTOBUF' && (subject === PIPELINE_SUBJECT || (type === 'JSON' && subject === JSON_SUBJECT));
  return [
    t('Rehearsal of a draft for {0} on {1} of the {2} messages in {3}', subject, messages, inTopic, topic),
    '',
    rehearsalSummary(found),
    ...section(
      t('What changes'),
      changes.map((change) => `  ${changeText(change)}`),
    ),
    ...section(
      t('Stored messages'),
      columns([
        [t('read as they were written'), found.readable],
        [t('read as another value'), found.different],
        [t('not readable with the draft'), found.unreadable],
        [t('not decodable today either'), found.undecodable],
        [t('without a value'), found.empty],
      ]),
    ),
    ...section(
      t('By the schema that wrote them'),
      writers.map(
        ({ schemaId, messages: all, unreadable, different, undecodable }) =>
          `  ${schemaId === null ? t('none') : t('schema {0}', schemaId)}: ${t(
            '{0} messages, {1} not readable, {2} read as another value, {3} not decodable',
            all,
            unreadable,
            different,
            undecodable,
          )}`,
      ),
    ),
    ...section(t('What the draft cannot read (partition/offsets)'), of('unreadable')),
    ...section(t('What the draft reads as another value (partition/offsets)'), of('different')),
    ...section(t('What nothing decodes today (partition/offsets)'), of('undecodable')),
    ...section(
      t('What breaks in the pipeline'),
      pipeline.flatMap((impact) => [
        `  ${impact.field}: ${impact.reason}`,
        `    ${impactText(impact).slice(impact.field.length + 2)}`,
      ]),
    ),
    ...(subject === JSON_SUBJECT && pipeline.length > 0
      ? [
          `  ${t('The pipeline reads {0}, not this topic: it would miss these where the lines come to it.', TOPICS.avro)}`,
        ]
      : []),
    ...(described && pipeline.length === 0
      ? ['', t('The pipeline finds every field that it asks for.')]
      : []),
  ];
}
