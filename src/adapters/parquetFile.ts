/** Messages as Parquet, a row group at a time. A file of its own in dist/, loaded at first use. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { parseAvro } from '../core/avroTypes.ts';
import { Cancelled, isUserError } from '../core/errors.ts';
import type { SchemaRegistry } from '../core/ports.ts';
import {
  cellJson,
  createFieldCollector,
  typedCell,
  type ColumnType,
  type FieldCollector,
  type FieldTypes,
  type TypedCell,
} from '../core/records/columnTypes.ts';
import type { Shown } from '../core/records/session.ts';
import type { Message } from '../core/topics.ts';
import { schemaIdOf } from './readPayload.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** Rows of a group, and characters of its values: what is held in memory, and encoded in one go, at once. */
const GROUP_ROWS = 5000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly cell: (message: Message) => TypedCell | undefined;
  /** Of the value, when it is one. */
  readonly field?: string;
}

/** A value that its column cannot hold without loss. */
export class Misfit extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`a value does not fit the column ${field}`);
    this.field = field;
  }
}

const TEXT: ColumnType = { kind: 'text' };
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const AROUND: readonly Column[] = [
  { name: 'topic', type: TEXT, cell: ({ topic }) => topic },
  { name: 'partition', type: { kind: 'int32' }, cell: ({ partition }) => partition },
  { name: 'offset', type: { kind: 'int64' }, cell: ({ offset }) => BigInt(offset) },
  {
    name: 'timestamp',
    type: { kind: 'timestamp', digits: 3, utc: true },
    cell: ({ timestamp }) => BigInt(Date.parse(timestamp)),
  },
  { name: 'key', type: TEXT, cell: ({ key }) => key },
  { name: 'headers', type: { kind: 'json' }, cell: ({ headers }) => JSON.stringify(headers) },
  { name: 'schemaId', type: { kind: 'int64' }, cell: ({ schemaId }) => schemaId && BigInt(schemaId) },
];
const WHOLE: readonly Column[] = [
  { name: 'value', type: { kind: 'json' }, cell: ({ value }) => (value === null ? null : cellJson(value)) },
  { name: 'error', type: TEXT, cell: ({ error }) => error ?? null },
];

/** Readers of Parquet tell names apart whatever their case: a field that has the name of another gets one of its own. */
function columnsOf(types: FieldTypes): readonly Column[] {
  const taken = new Set([...AROUND, ...WHOLE].map(({ name }) => name.toLowerCase()));
  const free = (name: string): string => {
    let made = name;
    for (let at = 1; taken.has(made.toLowerCase()); at++)
      made = at === 1 ? `value.${name}` : `value.${name}_${at}`;
    taken.add(made.toLowerCase());
    return made;
  };
  const fields = [...types].map(([field, type]): Column => ({
    name: free(field),
    type,
    field,
    cell: ({ value, error }) =>
      error === undefined && isObject(value) && Object.hasOwn(value, field)
        ? typedCell(type, value[field])
        : null,
  }));
  return [...AROUND, ...fields, ...WHOLE];
}

/** A decimal takes no more bytes than its digits need. */
function decimalBytes(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(bytes * 8 - 1) < 10n ** BigInt(precision)) bytes++;
  return bytes;
}

const UNITS = { 3: 'MILLIS', 6: 'MICROS', 9: 'NANOS' } as const;
const unitOf = (digits: number) => UNITS[digits as keyof typeof UNITS];

function physical(type: ColumnType): Omit<SchemaElement, 'name'> {
  switch (type.kind) {
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'int32':
      return { type: 'INT32' };
    case 'int64':
      return { type: 'INT64' };
    case 'float':
      return { type: 'FLOAT' };
    case 'double':
      return { type: 'DOUBLE' };
    case 'bytes':
      return { type: 'BYTE_ARRAY' };
    case 'text':
    case 'json':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE' };
    case 'decimal': {
      const { precision, scale } = type;
      const as = { converted_type: 'DECIMAL', precision, scale } as const;
      if (precision <= 9) return { type: 'INT32', ...as };
      if (precision <= 18) return { type: 'INT64', ...as };
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: decimalBytes(precision), ...as };
    }
    case 'time':
      return {
        type: type.digits === 3 ? 'INT32' : 'INT64',
        logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: unitOf(type.digits) },
      };
    case 'timestamp':
      return {
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: type.utc, unit: unitOf(type.digits) },
      };
  }
}

/** What the writer takes: 32 bits of a time as a number. */
const written = ({ kind, ...type }: ColumnType, cell: TypedCell): TypedCell =>
  kind === 'time' && 'digits' in type && type.digits === 3 && cell !== null ? Number(cell) : cell;

/** Bytes of the file in their order. Throws {@link Misfit}. */
async function* bytesOf(
  columns: readonly Column[],
  batches: AsyncIterable<readonly Message[]>,
): AsyncGenerator<Uint8Array> {
  const buffer = new ByteWriter();
  const writer = new ParquetWriter({
    writer: buffer,
    schema: [
      { name: 'message', num_children: columns.length },
      ...columns.map(({ name, type }): SchemaElement => ({
        name,
        repetition_type: 'OPTIONAL',
        ...physical(type),
      })),
    ],
  });
  let cells: TypedCell[][] = columns.map(() => []);
  let rows = 0;
  let characters = 0;
  const taken = (): Uint8Array => {
    const bytes = buffer.getBytes().slice();
    buffer.index = 0;
    return bytes;
  };
  const group = async (): Promise<Uint8Array> => {
    await writer.write({
      columnData: columns.map(({ name }, at) => ({ name, data: cells[at] ?? [] })),
      rowGroupSize: rows,
    });
    cells = columns.map(() => []);
    rows = characters = 0;
    return taken();
  };
  for await (const batch of batches) {
    for (const message of batch) {
      columns.forEach(({ name, field = name, type, cell }, at) => {
        const made = cell(message);
        if (made === undefined) throw new Misfit(field);
        if (typeof made === 'string') characters += made.length;
        cells[at]?.push(written(type, made));
      });
      rows++;
      if (rows >= GROUP_ROWS || characters >= GROUP_CHARACTERS) yield await group();
    }
  }
  if (rows > 0) yield await group();
  await writer.finish();
  yield taken();
}

type SchemaSource = Pick<SchemaRegistry, 'schema'>;

/** Tells the fields of Avro records; false for a schema that must be told by its values. */
async function addSchema(id: number, registry: SchemaSource, fields: FieldCollector): Promise<boolean> {
  const found = await registry.schema(id);
  if (found?.type !== 'AVRO') return false;
  try {
    fields.addSchema(parseAvro(found.schema, found.references));
    return true;
  } catch (error) {
    // None of its messages can be read either.
    if (isUserError(error)) return false;
    throw error;
  }
}

/** Looks at all that is shown: at its schemas, and at the values of what no Avro schema describes. */
async function fieldTypes(shown: Shown, registry: SchemaSource, signal: AbortSignal): Promise<FieldTypes> {
  const fields = createFieldCollector();
  const described = new Map<number, boolean>();
  for await (const raws of shown.raws()) {
    if (signal.aborted) throw new Cancelled();
    const others = [];
    for (const raw of raws) {
      if (raw.value === null) continue;
      const id = schemaIdOf(raw.value);
      if (id !== undefined && !described.has(id)) described.set(id, await addSchema(id, registry, fields));
      if (id === undefined || described.get(id) !== true) others.push(raw);
    }
    if (others.length === 0) continue;
    for (const { value, error } of await shown.decode(others))
      if (error === undefined) fields.addValue(value);
  }
  return fields.types;
}

export interface ParquetPlan {
  readonly bytes: (batches: AsyncIterable<readonly Message[]>) => AsyncIterable<Uint8Array>;
  /** After a {@link Misfit}: the same with its column as text, which holds everything. */
  readonly without: (field: string) => ParquetPlan;
}

function planOf(types: FieldTypes): ParquetPlan {
  return {
    bytes: (batches) => bytesOf(columnsOf(types), batches),
    without: (field) => planOf(new Map([...types, [field, TEXT]])),
  };
}

/** Throws Cancelled. */
export async function planParquet(
  shown: Shown,
  registry: SchemaSource,
  signal: AbortSignal,
): Promise<ParquetPlan> {
  return planOf(await fieldTypes(shown, registry, signal));
}
