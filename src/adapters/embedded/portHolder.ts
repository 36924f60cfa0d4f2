/** Which program listens on a port: /proc on Linux, lsof on macOS, netstat on Windows. */
import { readFile, readdir, readlink } from 'node:fs/promises';
import { run } from '../process.ts';

export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

const LISTEN = '0A';

/** Socket inodes that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): readonly string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && parseInt(fields[1]?.split(':')[1] ?? '', 16) === port)
    .flatMap((fields) => fields[9] ?? []);
}

/** Undefined where the person may not look, or the process has gone meanwhile. */
async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

async function linuxHolder(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => orUndefined(readFile(path, 'utf8'))),
  );
  const inodes = new Set(
    tables.flatMap((table) => listeningInodes(table ?? '', port)).map((inode) => `socket:[${inode}]`),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of (await orUndefined(readdir(`/proc/${pid}/fd`))) ?? []) {
      const target = await orUndefined(readlink(`/proc/${pid}/fd/${descriptor}`));
      if (target === undefined || !inodes.has(target)) continue;
      const program = (await orUndefined(readFile(`/proc/${pid}/comm`, 'utf8'))) ?? '?';
      return { pid: Number(pid), program: program.trim() };
    }
  }
  return undefined;
}

async function macHolder(port: number): Promise<PortHolder | undefined> {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const { stdout } = await run({ command: 'lsof', args });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const program = /^c(.+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), program: program ?? '?' };
}

/** From `netstat -ano`: one who listens has no foreign address, whatever the person's language calls the state. */
export function windowsListener(output: string, port: number): number | undefined {
  for (const line of output.split(/\r?\n/)) {
    const [, local, pid] = /^\s*TCP\s+\S+:(\d+)\s+(?:0\.0\.0\.0|\[::\]):0\s.*\s(\d+)\s*$/.exec(line) ?? [];
    if (Number(local) === port) return Number(pid);
  }
  return undefined;
}

async function windowsHolder(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run({ command: 'netstat', args: ['-ano', '-p', 'TCP'] });
  const pid = windowsListener(stdout, port);
  if (pid === undefined) return undefined;
  const args = ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'];
  const listed = await run({ command: 'tasklist', args });
  return { pid, program: /^"([^"]+)"/m.exec(listed.stdout)?.[1] ?? '?' };
}

const HOLDERS: Partial<Record<NodeJS.Platform, typeof linuxHolder>> = {
  linux: linuxHolder,
  win32: windowsHolder,
};

/** Undefined when it cannot be told, e.g. a program of another user. */
export const portHolder = (port: number): Promise<PortHolder | undefined> =>
  (HOLDERS[process.platform] ?? macHolder)(port);
