/** The embedded sandbox as a test sees it: processes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from '../../../src/adapters/processIdentity.ts';
import type { PartName, SandboxStatus } from '../../../src/core/sandbox.ts';
import { cliJson } from './cli.ts';
import type { Ground, Life } from './runtime.ts';

const status = (home: string): Promise<SandboxStatus> => cliJson<SandboxStatus>(home, 'status');

async function pidOf(home: string, part: PartName): Promise<number> {
  const { pid } = (await status(home)).parts.find(({ name }) => name === part) ?? {};
  assert.ok(pid, part);
  return pid;
}

const lifeOfPid = (pid: number): Life => JSON.stringify(identityOf(pid) ?? assert.fail(`no process ${pid}`));

async function pids(home: string): Promise<readonly number[]> {
  const { parts, supervisor } = await status(home);
  return [supervisor, ...parts].flatMap((one) => (identityOf(one?.pid ?? 0) && one?.pid) ?? []);
}

export const processesGround: Ground = {
  name: 'embedded',
  // The supervisor is one of them.
  size: 4,
  lives: async (home) => (await pids(home)).map(lifeOfPid).sort(),
  lifeOf: async (home, part) => lifeOfPid(await pidOf(home, part)),
  isAlive: (life) => isAlive(JSON.parse(life) as ProcessIdentity),
  kill: async (home, part) => void process.kill(await pidOf(home, part), 'SIGKILL'),
  pause: async (home, part) => void process.kill(await pidOf(home, part), 'SIGSTOP'),
  resume: async (home, part) => void process.kill(await pidOf(home, part), 'SIGCONT'),
  addresses: async (home) => (await pids(home)).flatMap(listeningAddresses),
  eventLog: async (home) =>
    (await readFile(join(home, 'data', 'events', 'pipeline.jsonl'), 'utf8')).trimEnd().split('\n'),
  portHolder: /java \(process \d+\)/,
  inventory: (folder) => ({
    processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(folder)),
    data: readdirSync(folder).filter((home) => existsSync(join(folder, home, 'data'))),
  }),
};

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It ended since it was listed.
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

/** As /proc/net/tcp and tcp6 write 127.0.0.1, ::ffff:127.0.0.1 and ::1. */
const LOOPBACK: Readonly<Record<string, string>> = {
  '0100007F': '127.0.0.1',
  '0000000000000000FFFF00000100007F': '127.0.0.1',
  '00000000000000000000000001000000': '127.0.0.1',
};

function listeningAddresses(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
      } catch {
        // Closed since it was listed.
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? '')
      .map((address) => LOOPBACK[address] ?? address),
  );
}
