/** Where a sandbox lives, where downloads are kept, and what lies in a home. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

function userFolder(kind: 'data' | 'cache'): string {
  const xdg = kind === 'data' ? process.env['XDG_DATA_HOME'] : process.env['XDG_CACHE_HOME'];
  if (xdg) return xdg;
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', kind === 'data' ? 'Application Support' : 'Caches');
  }
  if (process.platform === 'win32') {
    return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  }
  return kind === 'data' ? join(homedir(), '.local', 'share') : join(homedir(), '.cache');
}

/** The home of a sandbox: the given one, else ORDERS_LAKEHOUSE_HOME, else the user's data folder. */
export function homeFolder(given?: string): string {
  return resolve(
    given || process.env['ORDERS_LAKEHOUSE_HOME'] || join(userFolder('data'), 'orders-lakehouse'),
  );
}

/** Downloads shared by all homes: ORDERS_LAKEHOUSE_CACHE, else the user's cache folder. */
export function cacheFolder(): string {
  return resolve(process.env['ORDERS_LAKEHOUSE_CACHE'] || join(userFolder('cache'), 'orders-lakehouse'));
}

/** The places inside a home. `data` is what `reset` wipes. */
export function homeLayout(home: string) {
  const data = join(home, 'data');
  const run = join(home, 'run');
  return {
    home,
    data,
    kafka: join(data, 'kafka'),
    registry: join(data, 'registry'),
    warehouse: join(data, 'warehouse'),
    metastore: join(data, 'metastore'),
    /** Checkpoints of the pipeline. */
    checkpoints: join(data, 'checkpoints'),
    /** Event log of the pipeline, JSON lines. */
    eventLog: join(data, 'events', 'pipeline.jsonl'),
    /** Replaced at the end of each good run, see runStamp.ts. */
    lastRun: join(data, 'last-run.json'),
    run,
    state: join(run, 'sandbox.json'),
    /** What the supervisor was told to run. */
    launch: join(run, 'launch.json'),
    /** Paths of the installed tools, see embedded/installed.ts. */
    installed: join(run, 'installed.json'),
    /** Ports of the last start. */
    ports: join(run, 'ports.json'),
    /** The compose project, see docker/record.ts. */
    docker: join(run, 'docker.json'),
    /** Held by the one start, stop or reset that is going on. */
    upLock: join(run, 'up.lock'),
    /** There while a stop waits for a start to give way. */
    stopRequest: join(run, 'stop.request'),
    /** Held by a running pipeline run. */
    pipelineLock: join(run, 'pipeline.lock'),
    logs: join(home, 'logs'),
    rejects: join(home, 'rejects'),
  };
}

export type HomeLayout = ReturnType<typeof homeLayout>;
