/** Speaks to a Docker engine. */
import { readdirSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { extract, pack } from 'tar-fs';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName } from '../core/sandbox.ts';
import type { EngineAddress } from './docker/addresses.ts';
import type { ContainerView, Engine } from './docker/engine.ts';
import { linesOf, measuringOf, memoryOf, textOf } from './docker/streams.ts';

/** An engine on this machine that says nothing for so long does not answer; a person knows it within 5 s. */
const TIMEOUT_MS = 4000;
/** It measures every second, or every five. */
const SILENCE_MS = 12_000;
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
  const measuring = new Docker({ ...options, timeout: SILENCE_MS });
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

  const readMemory = memoryReader(quick);

  const view = async (
    summary: Docker.ContainerInfo,
    measure: boolean,
  ): Promise<ContainerView | undefined> => {
    const container = quick.getContainer(summary.Id);
    try {
      const [inspected, memory] = await Promise.all([
        container.inspect(),
        measure && summary.State === 'running' ? readMemory(summary.Id) : undefined,
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
    async containers(project, { measure } = { measure: true }) {
      const label = labelsOf(project);
      const found = await asked(quick.listContainers({ all: true, filters: { label } }));
      const parts = found.filter(({ Labels }) =>
        (PARTS as readonly string[]).includes(Labels[PART_LABEL] ?? ''),
      );
      return (await asked(Promise.all(parts.map((part) => view(part, measure))))).flatMap((one) => one ?? []);
    },
    async events(project, onEvent, signal) {
      const filters = { type: ['container' as const], label: labelsOf(project) };
      const stream = await asked(patient.getEvents({ filters, abortSignal: signal }));
      onEvent();
      try {
        for await (const line of textOf(stream, signal)) {
          // Health checks are run as programs in the container, each with three events.
          if (line !== '' && !/"(?:Action|status)":"exec_/.test(line)) onEvent();
        }
      } catch (error) {
        if (!signal.aborted) throw unreachable(address, error) ?? error;
      }
      if (!signal.aborted) throw gone(address);
    },
    async measure(id, onMeasure, signal) {
      // The types know of no signal here.
      const how: { stream: true } & { abortSignal: AbortSignal } = { stream: true, abortSignal: signal };
      const stream = await asked(measuring.getContainer(id).stats(how));
      await measuringOf(stream, onMeasure, signal);
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
    logs: (id, options, signal) => linesOf(patient, id, options, signal),
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
  for await (const line of linesOf(docker, id, options, new AbortController().signal)) all.push(line);
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
    startedAt: State.StartedAt,
    restarts: RestartCount,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

const labelsOf = (project: string): string[] => [`com.docker.compose.project=${project}`, PART_LABEL];

/**
 * Some engines take two seconds to answer: only the first question waits, the later ones get the answer before.
 */
function memoryReader(docker: Docker): (id: string) => Promise<number | undefined> {
  const known = new Map<string, number | undefined>();
  const asking = new Map<string, Promise<void>>();
  const ask = async (id: string): Promise<void> => {
    known.set(id, memoryOf(await docker.getContainer(id).stats({ stream: false, 'one-shot': true })));
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
      return gone({ host, from }, error);
  }
}

const gone = ({ host, from }: EngineAddress, cause?: unknown): UserError =>
  new UserError(
    'docker-unreachable',
    t('The Docker engine at {0} does not answer.', t('{0} ({1})', from, host)),
    { hint: t('Start Docker, or take the embedded runtime: --runtime embedded.'), cause },
  );
