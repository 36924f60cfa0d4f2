/** An engine that a test may take away and give back. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { docker } from './docker.ts';
import { until } from './until.ts';

export interface Engine {
  stop(): Promise<void>;
  start(): Promise<void>;
}

const SCRIPT = join(import.meta.dirname, '..', '..', '..', '.ci', 'docker.sh');
const PID_FILE = '/tmp/orders-lakehouse-docker/dockerd.pid';

/** The one that .ci/docker.sh started, when no container of another program is on it; undefined otherwise. */
export function ownEngine(mine: readonly string[]): Engine | undefined {
  const isOurs = existsSync(PID_FILE) && existsSync(`/proc/${readFileSync(PID_FILE, 'utf8').trim()}`);
  const others = docker('ps', '--all', '--quiet', '--no-trunc').filter((id) => !mine.includes(id));
  if (!isOurs || others.length > 0) return undefined;
  return {
    stop: async () => {
      const pid = readFileSync(PID_FILE, 'utf8').trim();
      const isRoot = process.getuid?.() === 0;
      execFileSync(isRoot ? 'kill' : 'sudo', isRoot ? [pid] : ['-n', 'kill', pid]);
      await until('the engine to end', () => !existsSync(`/proc/${pid}`), 120_000);
    },
    start: () => {
      const { DOCKER_HOST: _, ...env } = process.env;
      execFileSync(SCRIPT, { stdio: 'ignore', env });
      return Promise.resolve();
    },
  };
}

export interface Way extends Engine {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** It takes what is asked, and answers nothing. */
  hang(): Promise<void>;
  close(): Promise<void>;
}

/** The way between product and engine, which a test may cut: for an engine that is not ours to stop. */
export async function wayToEngine(folder: string): Promise<Way> {
  const context = docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')[0] ?? '';
  const target = (process.env['DOCKER_HOST'] ?? context).replace(/^unix:\/\//, '');
  const path = join(folder, 'engine.sock');
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  const listen = async (onConnection: (socket: Socket) => void): Promise<void> => {
    await close();
    const made = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      onConnection(socket);
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(path, resolve));
  };
  const close = async (): Promise<void> => {
    const before = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (before) await new Promise((resolve) => before.close(resolve));
    rmSync(path, { force: true });
  };
  const start = (): Promise<void> =>
    listen((socket) => {
      const engine = connect({ path: target, allowHalfOpen: true });
      sockets.add(engine);
      engine.on('close', () => sockets.delete(engine)).on('error', () => socket.destroy());
      // One that gives up must be seen to: a pull goes on otherwise.
      socket.on('close', () => engine.destroy());
      socket.pipe(engine).pipe(socket);
    });
  await start();
  return {
    host: `unix://${path}`,
    start,
    stop: close,
    hang: () => listen(() => undefined),
    close,
  };
}
