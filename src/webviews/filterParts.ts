/** A filter as the parts that a person sees, each with what is left without it. */
import type { Condition, Operator, Place, RecordFilter } from '../wire/topic.ts';
import { t } from './host.ts';
import { utcText } from './utc.ts';

export interface FilterPart {
  readonly text: string;
  readonly without: RecordFilter;
}

export const OPERATORS: readonly (readonly [Operator, string])[] = [
  ['=', '='],
  ['!=', '≠'],
  ['<', '<'],
  ['<=', '≤'],
  ['>', '>'],
  ['>=', '≥'],
  ['contains', t('contains')],
  ['matches', t('matches (regular expression)')],
  ['exists', t('exists')],
];

export const PLACES: readonly (readonly [Place, string])[] = [
  ['anywhere', t('Anywhere')],
  ['key', t('Key')],
  ['value', t('Value')],
  ['headers', t('Headers')],
];

const nameOf = <V extends string>(names: readonly (readonly [V, string])[], value: V): string =>
  names.find(([one]) => one === value)?.[1] ?? value;

function conditionText({ field, operator, value }: Condition): string {
  const name = field.of === 'header' ? t('header {0}', field.path) : field.path;
  if (operator === 'exists') return `${name} ${nameOf(OPERATORS, operator)}`;
  return `${name} ${operator === 'matches' ? t('matches') : nameOf(OPERATORS, operator)} ${value}`;
}

function timeText({ from, to }: NonNullable<RecordFilter['time']>): string {
  if (from === undefined) return t('before {0} UTC', utcText(to ?? 0));
  if (to === undefined) return t('from {0} UTC', utcText(from));
  return t('{0} to {1} UTC', utcText(from), utcText(to));
}

const rest = <T>(items: readonly T[], index: number): readonly T[] => items.filter((_, at) => at !== index);

export function partsOf(filter: RecordFilter): readonly FilterPart[] {
  const { texts = [], partitions, time, tombstones, problems, conditions = [] } = filter;
  const parts: FilterPart[] = texts.map(({ pattern, place }, index) => ({
    text: `${nameOf(PLACES, place)}: ${pattern}`,
    without: { ...filter, texts: rest(texts, index) },
  }));
  const without = (name: keyof RecordFilter): RecordFilter =>
    Object.fromEntries(Object.entries(filter).filter(([one]) => one !== name));
  conditions.forEach((condition, index) => {
    parts.push({
      text: conditionText(condition),
      without: { ...filter, conditions: rest(conditions, index) },
    });
  });
  if (partitions) {
    const [only, ...others] = partitions;
    parts.push({
      text:
        only !== undefined && others.length === 0
          ? t('partition {0}', only)
          : t('partitions {0}', partitions.join(', ')),
      without: without('partitions'),
    });
  }
  if (time) parts.push({ text: timeText(time), without: without('time') });
  if (tombstones) {
    parts.push({
      text: tombstones === 'only' ? t('tombstones only') : t('without tombstones'),
      without: without('tombstones'),
    });
  }
  if (problems) {
    parts.push({
      text: problems === 'only' ? t('decode errors only') : t('without decode errors'),
      without: without('problems'),
    });
  }
  return parts;
}

export const isFiltering = (filter: RecordFilter): boolean => partsOf(filter).length > 0;
