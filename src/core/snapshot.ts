/** A snapshot: all data of a sandbox in one file, which either runtime can go on with. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { RuntimeName } from './sandbox.ts';

export const SNAPSHOT_FORMAT = 1;
export const SNAPSHOT_EXTENSION = 'orders-snapshot.tar.gz';

/** What a snapshot holds, beside the data of Kafka and the registry. */
export const SNAPSHOT_FOLDERS = [
  'kafka',
  'registry',
  'warehouse',
  'metastore',
  'checkpoints',
  'events',
] as const;
/** The stamp of the last run, which a restored sandbox keeps. */
export const SNAPSHOT_STAMP = 'last-run.json';

/** What a person finds in it again; known when it was taken of a sandbox that ran. */
export interface SnapshotContents {
  readonly topics: readonly { readonly name: string; readonly messages: number }[];
  readonly subjects: readonly string[];
  /** Rows as text: they are int64. */
  readonly tables: readonly { readonly name: string; readonly rows: string }[];
}

export interface Manifest {
  readonly format: number;
  /** ISO 8601. */
  readonly created: string;
  /** Version of this product. */
  readonly product: string;
  readonly runtime: RuntimeName;
  /** Versions of what wrote the data, by component. */
  readonly versions: Readonly<Record<string, string>>;
  /** The folder in which the metastore says that the tables lie. */
  readonly warehouse: string;
  /** Bytes of data, unpacked. */
  readonly bytes: number;
  readonly contents?: SnapshotContents;
}

export const notASnapshot = (file: string, cause?: unknown): UserError =>
  new UserError('not-a-snapshot', t('{0} is not a snapshot of a sandbox.', file), {
    hint: t('A snapshot is what "orders-lakehouse snapshot FILE" writes.'),
    cause,
  });

export const damaged = (file: string, cause?: unknown): UserError =>
  new UserError('snapshot-damaged', t('The snapshot {0} is not whole, or was changed.', file), {
    hint: t('Nothing was touched. Copy it again, or take another one.'),
    cause,
  });

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.-]/).map(Number));
  const first = a?.findIndex((number, place) => number !== b?.[place]) ?? -1;
  return first >= 0 && (a?.[first] ?? 0) > (b?.[first] ?? 0);
}

/**
 * Reads and checks a manifest. `known` are the versions of the parts here: newer ones write what older ones may not
 * read. Throws UserError `not-a-snapshot` and `newer-snapshot`.
 */
export function parseManifest(
  text: string,
  file: string,
  known: Readonly<Record<string, string>> = {},
): Manifest {
  let found: Partial<Manifest> | null;
  try {
    found = JSON.parse(text) as Partial<Manifest> | null;
  } catch (error) {
    throw notASnapshot(file, error);
  }
  if (typeof found !== 'object' || typeof found?.format !== 'number') throw notASnapshot(file);
  const written: Readonly<Record<string, unknown>> = found.versions ?? {};
  if (Object.values(written).some((version) => typeof version !== 'string')) throw notASnapshot(file);
  const parts = Object.entries(found.versions ?? {})
    .filter(([name, version]) => known[name] !== undefined && isNewer(version, known[name]))
    .map(([name, version]) => t('{0} {1} (here {2})', name, version, known[name] ?? ''));
  if (found.format > SNAPSHOT_FORMAT) parts.unshift(t('format {0}', found.format));
  if (parts.length > 0) {
    throw new UserError(
      'newer-snapshot',
      t('The snapshot {0} was taken with newer parts: {1}.', file, parts.join(', ')),
      { hint: t('Update Orders Lakehouse here, then try again.') },
    );
  }
  if (found.format < 1 || typeof found.warehouse !== 'string' || typeof found.bytes !== 'number')
    throw notASnapshot(file);
  return found as Manifest;
}

/** Whether an entry may be unpacked: below one of the known folders, and nowhere else. */
export function isSafeEntry(name: string, type: string): boolean {
  if (type !== 'file' && type !== 'directory') return false;
  if (name === SNAPSHOT_STAMP) return type === 'file';
  const [first = '', ...rest] = name.replace(/\/$/, '').split('/');
  return (
    (SNAPSHOT_FOLDERS as readonly string[]).includes(first) &&
    !/[\\\0]/.test(name) &&
    rest.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** What it holds, one thing a line; undefined when that is not known. */
export function contentLines({ contents }: Pick<Manifest, 'contents'>): readonly string[] | undefined {
  return (
    contents && [
      ...contents.topics.map(({ name, messages }) => t('topic {0}: {1} messages', name, messages)),
      ...contents.tables.map(({ name, rows }) => t('table {0}: {1} rows', name, rows)),
      ...contents.subjects.map((name) => t('schema {0}', name)),
    ]
  );
}
