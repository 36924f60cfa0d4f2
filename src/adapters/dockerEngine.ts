/** Speaks to a Docker engine. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { extract, pack } from 'tar-fs';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName } from '../core/sandbox.ts';
import type { EngineAddress } from './docker/addresses.ts';
import type { ContainerView, Engine } from './docker/engine.ts';

/** An engine on this machine that says nothing for so long does not answer; a person knows it within 5 s. */
const TIMEOUT_MS = 4000;
const PART_LABEL = 'orders-lakehouse.part';

function optionsOf(host: string): Docker.DockerOptions {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/.exec(host) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') return { socketPath: rest };
  const url = new URL(host.replace(/^tcp:/, 'http:'));
  const secure = scheme === 'https' || process.env['DOCKER_TLS_VERIFY'] === '1';
  return {
    protocol: scheme === 'ssh' ? 'ssh' : secure ? 'https' : 'http',
    host: url.hostname,
    port: url.port || (secure ? 2376 : 2375),
    ...(url.username ? { username: url.username } : {}),
  };
}

/** docker-modem reads more of DOCKER_HOST's companions (certificates) when it is given no address. */
const clientOptions = (host: string): Docker.DockerOptions =>
  process.env['DOCKER_HOST'] === host ? {} : optionsOf(host);

/** For questions beyond those of {@link Engine}. */
export const dockerClient = (host: string, timeout = TIMEOUT_MS): Docker =>
  new Docker({ ...clientOptions(host), timeout });

/** Throws UserError `docker-missing`, `docker-forbidden` or `docker-unreachable`. */
export async function connectEngine(address: EngineAddress): Promise<Engine> {
  const { host } = address;
  const options = clientOptions(host);
  const quick = dockerClient(host);
  const patient = new Docker(options);
  const asked = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question;
    } catch (error) {
      throw unreachable(address, error) ?? error;
    }
  };
  const [version, info] = await asked(Promise.all([quick.version(), quick.info() as Promise<Info>]));
  // Older engines tell of no components, whatever the types say.
  const components = version.Components as Docker.DockerVersion['Components'] | undefined;
  const podman = components?.some(({ Name }) => /podman/i.test(Name)) ?? false;

  const memoryOf = memoryReader(quick);

  const view = async (summary: Docker.ContainerInfo): Promise<ContainerView | undefined> => {
    const container = quick.getContainer(summary.Id);
    try {
      const [inspected, memory] = await Promise.all([
        container.inspect(),
        summary.State === 'running' ? memoryOf(summary.Id) : undefined,
      ]);
      const logEnd = hasEnded(inspected) ? await endOfLog(quick, summary.Id) : '';
      return { ...viewOf(summary, inspected, memory), logEnd };
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    }
  };

  return {
    name: `${podman ? 'Podman' : 'Docker'} ${version.Version}`,
    host,
    memoryBytes: info.MemTotal,
    async containers(project) {
      const label = [`com.docker.compose.project=${project}`, PART_LABEL];
      const found = await asked(quick.listContainers({ all: true, filters: { label } }));
      const parts = found.filter(({ Labels }) =>
        (PARTS as readonly string[]).includes(Labels[PART_LABEL] ?? ''),
      );
      return (await asked(Promise.all(parts.map(view)))).flatMap((one) => one ?? []);
    },
    async hasImage(name) {
      try {
        await quick.getImage(name).inspect();
        return true;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return false;
        throw unreachable(address, error) ?? error;
      }
    },
    logs: (id, options, signal) => lines(patient, id, options, signal),
    async copyIn(id, from, to, owner) {
      const archive = pack(from, {
        // Without the folder itself, whose owner and rights are the container's.
        entries: readdirSync(from),
        ignore: (name) => /(^|[\\/])__pycache__($|[\\/])/.test(name),
        map: (header) => ({
          ...header,
          uid: owner,
          gid: 0,
          mode: header.type === 'directory' ? 0o755 : 0o644,
        }),
      });
      await asked(patient.getContainer(id).putArchive(archive, { path: to }));
    },
    async copyOut(id, path, to) {
      try {
        const archive = await patient.getContainer(id).getArchive({ path });
        await pipeline(archive, extract(to, { chown: false }));
        return true;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return false;
        throw unreachable(address, error) ?? error;
      }
    },
  };
}

interface Info {
  readonly MemTotal: number;
}

const LOG_END_LINES = 300;

/** Now, or in the life before the one that has not come up yet. */
const hasEnded = ({ State, RestartCount }: Docker.ContainerInspectInfo): boolean =>
  ['exited', 'dead', 'restarting'].includes(State.Status) ||
  (RestartCount > 0 && State.Health?.Status !== 'healthy');

async function endOfLog(docker: Docker, id: string): Promise<string> {
  const all: string[] = [];
  const options = { lines: LOG_END_LINES, follow: false };
  for await (const line of lines(docker, id, options, new AbortController().signal)) all.push(line);
  return all.join('\n');
}

function viewOf(
  summary: Docker.ContainerInfo,
  { State, RestartCount }: Docker.ContainerInspectInfo,
  memoryBytes: number | undefined,
): Omit<ContainerView, 'logEnd'> {
  return {
    id: summary.Id,
    part: summary.Labels[PART_LABEL] as PartName,
    state: State.Status as ContainerView['state'],
    health: (State.Health?.Status ?? 'none') as ContainerView['health'],
    healthOutput: State.Health?.Log.at(-1)?.Output ?? '',
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    error: State.Error,
    since: State.Running ? State.StartedAt : State.FinishedAt,
    restarts: RestartCount,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/**
 * Memory of a container as `docker stats` counts it: without what the kernel only keeps because there is room.
 * Some engines take two seconds to answer: only the first question waits, the later ones get the answer before.
 */
function memoryReader(docker: Docker): (id: string) => Promise<number | undefined> {
  const known = new Map<string, number | undefined>();
  const asking = new Map<string, Promise<void>>();
  const ask = async (id: string): Promise<void> => {
    const { memory_stats: memory } = await docker.getContainer(id).stats({ stream: false, 'one-shot': true });
    const details = memory.stats as unknown as Readonly<Record<string, number>> | undefined;
    const idle = details?.['total_inactive_file'] ?? details?.['inactive_file'] ?? 0;
    known.set(id, details && memory.usage - idle);
  };
  return async (id) => {
    const pending =
      asking.get(id) ??
      ask(id).finally(() => {
        asking.delete(id);
      });
    asking.set(id, pending);
    if (known.has(id)) {
      // It went away meanwhile; the next look at the containers tells.
      pending.catch(() => known.delete(id));
      return known.get(id);
    }
    await pending;
    return known.get(id);
  };
}

async function* lines(
  docker: Docker,
  id: string,
  options: { readonly lines: number; readonly follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const container = docker.getContainer(id);
  const asked = { stdout: true, stderr: true, tail: options.lines };
  const text = new PassThrough();
  const abort = new AbortController();
  const end = (): void => {
    abort.abort();
    text.end();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    if (options.follow) {
      const stream = await container.logs({ ...asked, follow: true, abortSignal: abort.signal });
      docker.modem.demuxStream(stream, text, text);
      stream.on('end', end).on('error', end);
    } else {
      const whole = await container.logs({ ...asked, follow: false });
      const source = new PassThrough();
      docker.modem.demuxStream(source, text, text);
      source.end(whole);
      await once(source, 'finish');
      text.end();
    }
    let rest = '';
    for await (const chunk of text.setEncoding('utf8') as AsyncIterable<string>) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
    if (rest !== '') yield rest;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
  if (signal.aborted && !options.follow) throw new Cancelled();
}

/** Undefined when the engine did answer. */
function unreachable({ host, from }: EngineAddress, error: unknown): UserError | undefined {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (statusCode !== undefined || code === undefined) return undefined;
  const place = t('{0} ({1})', from, host);
  switch (code) {
    case 'ENOENT':
      return new UserError('docker-missing', t('No Docker engine was found at {0}.', place), {
        hint: t('Install or start Docker, or take the embedded runtime: --runtime embedded.'),
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new UserError('docker-forbidden', t('You may not use the Docker engine at {0}.', place), {
        hint: t('Join the group "docker" (sudo usermod -aG docker $USER), sign in again, and try again.'),
        cause: error,
      });
    default:
      return new UserError('docker-unreachable', t('The Docker engine at {0} does not answer.', place), {
        hint: t('Start Docker, or take the embedded runtime: --runtime embedded.'),
        cause: error,
      });
  }
}
