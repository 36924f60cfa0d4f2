/** Which columns, tables and rules of the pipeline a draft of the order line's schema would break. */
import { typeText, type AvroRecord, type AvroType } from './avroTypes.ts';
import { lookUp, type JsonSchema } from './jsonSchema.ts';
import { jsonTypeText } from './jsonTypeText.ts';
import { t } from './l10n.ts';
import { FIELDS, GOLD, JSON_SUBJECT, PIPELINE_SUBJECT, RULES, type FieldUse } from './pipelineUse.ts';

export interface Impact {
  /** The field that the pipeline reads. */
  readonly field: string;
  readonly problem: 'missing' | 'renamed' | 'retyped' | 'nullable';
  readonly reason: string;
  /** Table → columns that are made of it. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly string[];
}

function usesOf(field: string): Pick<Impact, 'columns' | 'rules'> {
  const silver = FIELDS[field]?.silver ?? [];
  const touched = (made: readonly string[]): boolean => made.some((column) => silver.includes(column));
  const gold = Object.entries(GOLD).map(([table, made]): [string, readonly string[]] => [
    `gold.${table}`,
    Object.keys(made).filter((column) => touched(made[column] ?? [])),
  ]);
  return {
    columns: Object.fromEntries([['silver.orders', silver], ...gold.filter(([, made]) => made.length > 0)]),
    rules: Object.keys(RULES).filter((rule) => touched(RULES[rule] ?? [])),
  };
}

/** The type, when it is one or null. */
function unlessNull(type: AvroType): string | undefined {
  if (type.kind !== 'union') return undefined;
  const [only, ...more] = type.branches.filter((branch) => typeText(branch) !== 'null');
  return only && more.length === 0 ? typeText(only) : undefined;
}

function problemOf(
  draft: AvroRecord,
  name: string,
  wanted: string,
): Pick<Impact, 'problem' | 'reason'> | undefined {
  const field = draft.fields.find((one) => one.name === name);
  if (!field) {
    const heir = draft.fields.find(({ aliases }) => aliases.includes(name));
    return heir
      ? {
          problem: 'renamed',
          reason: t('it is called {0} in the draft; the pipeline asks for {1}', heir.name, name),
        }
      : { problem: 'missing', reason: t('the draft does not have it') };
  }
  const found = typeText(field.type);
  const inner = unlessNull(field.type);
  // A field that is never null is still one that may be.
  if (found === wanted || `null | ${found}` === wanted || `null | ${inner ?? ''}` === wanted)
    return undefined;
  return inner === wanted
    ? { problem: 'nullable', reason: t('it may be null in the draft') }
    : { problem: 'retyped', reason: t('it is {0} in the draft; the pipeline expects {1}', found, wanted) };
}

const impactOf = (
  problem: (field: string, use: FieldUse) => Pick<Impact, 'problem' | 'reason'> | undefined,
): readonly Impact[] =>
  Object.entries(FIELDS).flatMap(([field, use]) => {
    const found = problem(field, use);
    return found ? [{ field, ...found, ...usesOf(field) }] : [];
  });

/** In the order of the pipeline's fields; none for a subject that the pipeline does not read. */
export function pipelineImpact(subject: string, draft: AvroType): readonly Impact[] {
  if (subject !== PIPELINE_SUBJECT) return [];
  const record: AvroRecord =
    draft.kind === 'record' ? draft : { kind: 'record', name: '', aliases: [], fields: [] };
  return impactOf((field, { type }) => problemOf(record, field, type));
}

function jsonProblem(
  root: JsonSchema,
  record: JsonSchema,
  name: string,
  wanted: string,
): Pick<Impact, 'problem' | 'reason'> | undefined {
  const field = record.properties?.[name];
  if (field === undefined) return { problem: 'missing', reason: t('the draft does not have it') };
  const found = jsonTypeText(root, field);
  const mayBeNull = wanted.startsWith('null | ');
  const bare = (text: string): string => text.replace(/^null \| /, '');
  // A date is text, but not any text is a date.
  const fits = bare(found) === bare(wanted) || (bare(found) === 'string date' && bare(wanted) === 'string');
  if (!fits) {
    const reason = t(
      'it is {0} in the draft; the pipeline expects {1}',
      found === '' ? t('anything') : found,
      wanted,
    );
    return { problem: 'retyped', reason };
  }
  if (mayBeNull) return undefined;
  if (found !== bare(found)) return { problem: 'nullable', reason: t('it may be null in the draft') };
  return record.required?.includes(name) === true
    ? undefined
    : { problem: 'nullable', reason: t('it may be missing in the draft') };
}

/** The same for a JSON Schema of the order line; a field under another name is one that is missing. */
export function jsonImpact(subject: string, draft: JsonSchema): readonly Impact[] {
  if (subject !== PIPELINE_SUBJECT && subject !== JSON_SUBJECT) return [];
  const record = (draft.$ref === undefined ? undefined : lookUp(draft, draft.$ref)) ?? draft;
  return impactOf((field, { json }) => jsonProblem(draft, record, field, json));
}

/** `price: silver.orders.price, amount; gold.sales_daily.gross_revenue; rule positive_price` */
export function impactText({ field, columns, rules }: Impact): string {
  const tables = Object.entries(columns).map(([table, names]) => `${table}.${names.join(', ')}`);
  const judged =
    rules.length === 0
      ? []
      : [rules.length === 1 ? t('rule {0}', rules[0] ?? '') : t('rules {0}', rules.join(', '))];
  return `${field}: ${[...tables, ...judged].join('; ')}`;
}
