/** Writes a sandbox into one file, and puts one back: stopped for as long as it takes, then as it was. */
import { countRows, formatTableName, listTables } from './catalog.ts';
import { UserError } from './errors.ts';
import type { OnEvent } from './events.ts';
import { t } from './l10n.ts';
import type { Lakehouse, SandboxRuntime, Snapshots } from './ports.ts';
import type { RuntimeName, SandboxStatus } from './sandbox.ts';
import type { Settings } from './settings.ts';
import type { Manifest, SnapshotContents } from './snapshot.ts';

export interface Taken {
  readonly file: string;
  /** Bytes of the file. */
  readonly fileBytes: number;
  readonly manifest: Manifest;
  readonly status: SandboxStatus;
}

export interface Restored {
  readonly file: string;
  readonly manifest: Manifest;
  /** The sandbox runs again when it ran before. */
  readonly status: SandboxStatus;
}

export const nothingToKeep = (home: string): UserError =>
  new UserError('nothing-to-keep', t('The home {0} holds no data yet.', home), {
    hint: t('Start it first: orders-lakehouse up'),
  });

export const runInProgress = (): UserError =>
  new UserError('run-in-progress', t('A run of the pipeline is in progress.'), {
    hint: t('Wait for it to end, or cancel it.'),
  });

/** What the sandbox holds now; it must run. */
export async function contentsOf(lakehouse: Lakehouse, signal: AbortSignal): Promise<SnapshotContents> {
  const broker = await lakehouse.broker();
  const registry = await lakehouse.registry();
  const client = await lakehouse.tables();
  const topics = (await broker.topics()).filter(({ internal }) => !internal);
  const tables = await listTables(client, signal);
  return {
    topics: topics.map(({ name, messages }) => ({ name, messages })),
    subjects: [...(await registry.subjects())].sort(),
    tables: await Promise.all(
      tables.map(async (table) => ({
        name: formatTableName(table),
        rows: await countRows(client, table, signal),
      })),
    ),
  };
}

/** Stops a sandbox that runs, and starts it again after the work, even after one that failed or was cancelled. */
async function whileStopped<T>(
  sandbox: SandboxRuntime,
  onEvent: OnEvent,
  work: () => Promise<T>,
  runtimeAfter: () => RuntimeName | undefined,
): Promise<T> {
  const before = await sandbox.status();
  if (before.state === 'stopped') return work();
  onEvent({
    type: 'message',
    level: 'info',
    message: t('The sandbox is stopped for this, then started again.'),
  });
  await sandbox.down(onEvent);
  try {
    return await work();
  } finally {
    await sandbox.up(onEvent, new AbortController().signal, runtimeAfter() ?? before.runtime);
  }
}

export interface TakeOptions {
  /** Without one, the home's start of the lesson. */
  readonly file?: string;
  /** Replace a file that is there. */
  readonly force: boolean;
}

/**
 * A cancelled or failed snapshot leaves no file. Throws UserError `file-exists`, `run-in-progress`, `nothing-to-keep`,
 * `disk-full`, `no-permission`.
 */
export async function takeSnapshot(
  lakehouse: Lakehouse,
  options: TakeOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Taken> {
  const { runtime: sandbox } = lakehouse;
  const snapshots = await lakehouse.snapshots();
  const file = options.file ?? snapshots.lesson;
  if (!snapshots.holdsData()) throw nothingToKeep(lakehouse.home);
  snapshots.mayWrite(file, options.force);
  const { state } = await sandbox.status();
  if (state !== 'stopped') await snapshots.mustBeIdle();
  const contents = state === 'running' ? await contentsOf(lakehouse, signal) : undefined;
  const taken = await whileStopped(
    sandbox,
    onEvent,
    () => snapshots.write(file, contents, onEvent, signal),
    () => undefined,
  );
  return { file, ...taken, status: await sandbox.status() };
}

export interface RestoreOptions {
  readonly file?: string;
  readonly runtime?: Settings['runtime'];
  /** Give up the data that is there. */
  readonly replace: boolean;
}

/**
 * The data that was there goes when the restored one is complete, and stays when that fails. Throws UserError
 * `no-such-file`, `not-a-snapshot`, `newer-snapshot`, `snapshot-damaged`, `home-holds-data`, `run-in-progress`.
 */
export async function restoreSnapshot(
  lakehouse: Lakehouse,
  options: RestoreOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Restored> {
  const { runtime: sandbox } = lakehouse;
  const snapshots = await lakehouse.snapshots();
  const file = options.file ?? lessonOf(snapshots);
  const manifest = await snapshots.inspect(file);
  if (snapshots.holdsData() && !options.replace) throw holdsData(lakehouse.home);
  if ((await sandbox.status()).state !== 'stopped') await snapshots.mustBeIdle();
  const unpacked = await snapshots.unpack(file, options.runtime, onEvent, signal);
  let moved = false;
  try {
    await whileStopped(
      sandbox,
      onEvent,
      async () => {
        await unpacked.moveIn(onEvent, signal);
        moved = true;
      },
      () => (moved ? unpacked.runtime : undefined),
    );
  } finally {
    await unpacked.discard();
  }
  return { file, manifest, status: await sandbox.status() };
}

/** Throws UserError `no-lesson`. */
export function lessonOf(snapshots: Pick<Snapshots, 'lesson' | 'hasLesson'>): string {
  if (snapshots.hasLesson()) return snapshots.lesson;
  throw new UserError('no-lesson', t('There is no start of the lesson in {0}.', snapshots.lesson), {
    hint: t('Mark it first: orders-lakehouse snapshot'),
    action: { title: t('Mark the start of the lesson'), command: 'ordersLakehouse.markLesson' },
  });
}

const holdsData = (home: string): UserError =>
  new UserError('home-holds-data', t('The home {0} holds data, which a restore would replace.', home), {
    hint: t('Say --yes to give it up, take a snapshot of it first, or name another --home.'),
  });
