/** What a Docker engine on this machine says of itself. */
import type Docker from 'dockerode';
import { isUserError, type UserError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings.ts';
import type { EngineAddress } from '../docker/addresses.ts';
import { findCompose, type Compose } from '../docker/compose.ts';
import type { Engine } from '../docker/engine.ts';
import { findEngine } from '../docker/findEngine.ts';
import { projectName } from '../docker/record.ts';
import { composeVariables } from '../docker/variables.ts';
import type { HomeLayout } from '../home.ts';

export interface EngineFacts {
  readonly memoryBytes: number;
  /** ISO 8601. */
  readonly systemTime: string;
  /** Where it keeps images and volumes; on its own machine, which may be a virtual one. */
  readonly rootFolder: string;
  /** Address of the registry that image names without a host mean. */
  readonly registry: string;
  readonly mirrors: readonly string[];
}

export interface FoundDocker {
  readonly engine: Engine;
  /** Gives up after a few seconds. */
  readonly client: Docker;
  /** For what takes its time. */
  readonly patient: Docker;
  readonly address: EngineAddress;
  /** For the docker command; null when it finds the engine by itself. */
  readonly host: string | null;
  readonly facts: EngineFacts;
  /** When the engine told its facts, in this machine's milliseconds. */
  readonly askedAt: number;
  /** Docker Compose on the project of this home, or why there is none. */
  readonly compose: Compose | UserError;
}

export type DockerLook = FoundDocker | UserError;

async function orUserError<T>(promise: Promise<T>): Promise<T | UserError> {
  try {
    return await promise;
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}

interface Info {
  readonly MemTotal: number;
  readonly SystemTime: string;
  readonly DockerRootDir: string;
  readonly IndexServerAddress: string;
  readonly RegistryConfig?: { readonly Mirrors?: readonly string[] | null };
}

export async function lookAtDocker({
  layout,
  settings,
}: {
  readonly layout: HomeLayout;
  readonly settings: Settings;
}): Promise<DockerLook> {
  const found = await orUserError(findEngine());
  if (isUserError(found)) return found;
  const { dockerClient } = await import('../dockerEngine.ts');
  const client = dockerClient(found.address.host);
  const { host } = found;
  const project = projectName(layout.home);
  const compose = orUserError(findCompose({ project, host, variables: composeVariables({}, settings) }));
  const info = (await client.info()) as Info;
  const askedAt = Date.now();
  return {
    ...found,
    client,
    patient: dockerClient(found.address.host, 0),
    facts: {
      memoryBytes: info.MemTotal,
      systemTime: info.SystemTime,
      rootFolder: info.DockerRootDir,
      registry: info.IndexServerAddress,
      mirrors: info.RegistryConfig?.Mirrors ?? [],
    },
    askedAt,
    compose: await compose,
  };
}
