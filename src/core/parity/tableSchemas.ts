/** The columns of a table here against those of the same table there. */

export interface SchemaColumn {
  readonly name: string;
  /** As Spark or Unity Catalog writes it: `decimal(10,2)`, `array<string>`. */
  readonly type: string;
  /** Undefined: not told. */
  readonly nullable?: boolean;
}

export interface ChangedColumn {
  readonly name: string;
  readonly local: string;
  readonly remote: string;
}

export interface SchemaComparison {
  /** Only here. */
  readonly added: readonly SchemaColumn[];
  /** Only there. */
  readonly missing: readonly SchemaColumn[];
  /** Other types; two spellings of one type are the same. */
  readonly changed: readonly ChangedColumn[];
  /** The same type, but only one of them takes NULL. Told apart: Delta there often keeps columns nullable. */
  readonly nullable: readonly ChangedColumn[];
  readonly same: boolean;
}

/** Other names of Spark's SQL types, by https://spark.apache.org/docs/latest/sql-ref-datatypes.html */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['integer', 'int'],
  ['long', 'bigint'],
  ['short', 'smallint'],
  ['byte', 'tinyint'],
  ['real', 'float'],
  ['dec', 'decimal'],
  ['numeric', 'decimal'],
  ['bool', 'boolean'],
  ['timestamp_ltz', 'timestamp'],
  ['null', 'void'],
]);

/** One spelling for each type: case, blanks, other names, and texts of a limited length, which Delta keeps as strings. */
export function plainType(type: string): string {
  return (
    type
      .toLowerCase()
      .replace(/`([^`]*)`\s*:/g, '$1:')
      .replace(/\s*([<>(),:])\s*/g, '$1')
      .replace(/\s+(?:not null|comment\s+(?:'[^']*'|"[^"]*"))/g, '')
      .replace(/\b(?:var)?char\(\d+\)/g, 'string')
      .replace(/\bvarchar\b/g, 'string')
      .trim()
      // What stands before a colon is the name of a field.
      .replace(/\b\w+\b(?!\w*:)/g, (name) => SPELLINGS.get(name) ?? name)
      .replace(/\bdecimal(?!\()/g, 'decimal(10,0)')
      .replace(/\bdecimal\((\d+)\)/g, 'decimal($1,0)')
  );
}

/** Names are told apart without regard to case, as Spark does. */
export function compareColumns(
  local: readonly SchemaColumn[],
  remote: readonly SchemaColumn[],
): SchemaComparison {
  const there = byName(remote);
  const here = byName(local);
  const added = local.filter(({ name }) => !there.has(name.toLowerCase()));
  const missing = remote.filter(({ name }) => !here.has(name.toLowerCase()));
  const changed: ChangedColumn[] = [];
  const nullable: ChangedColumn[] = [];
  for (const one of local) {
    const other = there.get(one.name.toLowerCase());
    if (!other) continue;
    const differs = { name: one.name, local: one.type, remote: other.type };
    if (plainType(one.type) !== plainType(other.type)) changed.push(differs);
    else if (one.nullable !== undefined && other.nullable !== undefined && one.nullable !== other.nullable) {
      nullable.push(differs);
    }
  }
  return { added, missing, changed, nullable, same: added.length + missing.length + changed.length === 0 };
}

const byName = (columns: readonly SchemaColumn[]): ReadonlyMap<string, SchemaColumn> =>
  new Map(columns.map((column) => [column.name.toLowerCase(), column]));
