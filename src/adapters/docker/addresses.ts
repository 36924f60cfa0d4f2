/** Where a Docker engine may listen: as the docker command looks, then the usual sockets of other programs. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readJson } from '../files.ts';

export interface EngineAddress {
  /** `unix:///…`, `npipe:////…`, `tcp://…` or `ssh://…`, as in DOCKER_HOST. */
  readonly host: string;
  /** Who says so, for messages. */
  readonly from: string;
}

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  exists(path: string): boolean;
}

/** The context that the docker command is set to; undefined for its default one. */
function currentContext(environment: NodeJS.ProcessEnv): EngineAddress | undefined {
  const folder = environment['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const config = readJson(join(folder, 'config.json')) as { currentContext?: string } | undefined;
  const name = environment['DOCKER_CONTEXT'] ?? config?.currentContext;
  if (!name || name === 'default') return undefined;
  // The command keeps a context under the hash of its name.
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(folder, 'contexts', 'meta', id, 'meta.json')) as
    { Endpoints?: { docker?: { Host?: string } } } | undefined;
  const host = meta?.Endpoints?.docker?.Host;
  return host ? { host, from: `docker context ${name}` } : undefined;
}

/** Where the programs put their sockets, as their own documents say; those that are there, the most usual first. */
function usual(environment: NodeJS.ProcessEnv, machine: Machine): readonly EngineAddress[] {
  if (machine.platform === 'win32') {
    return [
      { host: 'npipe:////./pipe/docker_engine', from: 'Docker Desktop' },
      { host: 'npipe:////./pipe/dockerDesktopLinuxEngine', from: 'Docker Desktop' },
      { host: 'npipe:////./pipe/podman-machine-default', from: 'Podman' },
    ];
  }
  const { home } = machine;
  const colima = environment['COLIMA_HOME'] ?? join(home, '.colima');
  const settings = environment['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const runtime = environment['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 1000}`;
  const sockets: readonly (readonly [path: string, from: string])[] = [
    ['/var/run/docker.sock', 'Docker'],
    [join(runtime, 'docker.sock'), 'rootless Docker'],
    [join(home, '.docker', 'run', 'docker.sock'), 'Docker Desktop'],
    [join(home, '.docker', 'desktop', 'docker.sock'), 'Docker Desktop'],
    [join(colima, 'default', 'docker.sock'), 'Colima'],
    [join(settings, 'colima', 'default', 'docker.sock'), 'Colima'],
    [join(home, '.lima', 'docker', 'sock', 'docker.sock'), 'Lima'],
    [join(home, '.rd', 'docker.sock'), 'Rancher Desktop'],
    [join(home, '.orbstack', 'run', 'docker.sock'), 'OrbStack'],
    [join(runtime, 'podman', 'podman.sock'), 'Podman'],
    [join(home, '.local', 'share', 'containers', 'podman', 'machine', 'podman.sock'), 'Podman'],
    [join(environment['TMPDIR'] ?? '/tmp', 'podman', 'podman-machine-default-api.sock'), 'Podman'],
    ['/run/podman/podman.sock', 'Podman'],
  ];
  return sockets
    .filter(([path]) => machine.exists(path))
    .map(([path, from]) => ({ host: `unix://${path}`, from }));
}

/** In the order in which they are tried; one that the person named stands alone. */
export function engineAddresses(
  environment: NodeJS.ProcessEnv = process.env,
  machine: Machine = { platform: process.platform, home: homedir(), exists: existsSync },
): readonly EngineAddress[] {
  const host = environment['DOCKER_HOST'];
  if (host) return [{ host, from: 'DOCKER_HOST' }];
  const context = currentContext(environment);
  return context ? [context] : usual(environment, machine);
}

/** The ports of a sandbox are published on the engine's own machine. */
export function isLocal(host: string): boolean {
  if (/^(unix|npipe):/.test(host)) return true;
  const name = /^(?:tcp|http|https|ssh):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/.exec(host)?.[1];
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}
