/** Gathers what the checks look at: each question is asked once. */
import { isUserError, messageOf, UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { chooseRuntime, type Choice } from '../../core/runtimes.ts';
import type { RuntimeName, SandboxStatus } from '../../core/sandbox.ts';
import type { Settings } from '../../core/settings.ts';
import { findPython } from '../embedded/python.ts';
import { missingOf, targetsIn } from '../embedded/targets.ts';
import { JAR_COMPONENTS, readVersions } from '../embedded/versions.ts';
import { cacheFolder, type HomeLayout } from '../home.ts';
import type { Examined } from './check.ts';
import { lookAtDocker, type DockerLook } from './dockerLook.ts';
import { lookAtNetwork } from './network.ts';
import { dockerTargets, embeddedTargets } from './targets.ts';

export interface Question {
  readonly layout: HomeLayout;
  readonly settings: Settings;
  readonly status: SandboxStatus;
  /** The runtime that a start would be told. */
  readonly setting: Settings['runtime'];
  /** The runtime that holds the home's data. */
  readonly held: () => RuntimeName | undefined;
}

const ALL_MISSING = { python: true, jars: JAR_COMPONENTS, sparkServer: true };

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

/** No question may take the others' answers with it. */
export async function orUserError<T>(ask: () => T | Promise<T>): Promise<T | UserError> {
  try {
    return await ask();
  } catch (error) {
    if (isUserError(error)) return error;
    return new UserError('fault', messageOf(error), { cause: error });
  }
}

/** As a start would choose; one that cannot have Docker where it must still means Docker. */
async function choose(
  setting: Settings['runtime'],
  docker: DockerLook | undefined,
  holder: RuntimeName | undefined,
): Promise<Choice> {
  const look = () => {
    const refused =
      !docker || isUserError(docker) ? docker : isUserError(docker.compose) ? docker.compose : undefined;
    if (!docker || isUserError(docker) || refused) {
      const error =
        refused ?? new UserError('docker-missing', t('No Docker engine was found on this machine.'));
      return Promise.resolve({ usable: false as const, error });
    }
    return Promise.resolve({
      usable: true as const,
      engine: `${docker.engine.name}, ${docker.address.from}`,
    });
  };
  try {
    return await chooseRuntime(setting, holder, look);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { runtime: 'docker', why: t('Runtime: Docker, which cannot be used now.') };
  }
}

export async function examine(question: Question, signal: AbortSignal): Promise<Examined> {
  const { layout, settings, status, setting } = question;
  const cache = cacheFolder();
  const versions = readVersions();
  // Where even that cannot be read, the check of the sandbox says why.
  const held = await orUserError(question.held);
  const holder = isUserError(held) ? undefined : held;
  const [docker, python] = await Promise.all([
    setting === 'embedded' && holder !== 'docker' ? undefined : orUserError(() => lookAtDocker(question)),
    orUserError(() => findPython(settings.python, versions)),
  ]);
  const { runtime, why } = await choose(setting, docker, holder);
  const counted = await orUserError(() =>
    isUserError(python) ? ALL_MISSING : missingOf(targetsIn(cache, python, versions), versions),
  );
  const missing = isUserError(counted) ? ALL_MISSING : counted;
  const base = { layout, cache, settings, versions, status, runtime, why, docker, python, missing };
  const network = once(async () => {
    const targets = runtime === 'docker' ? await dockerTargets(base) : await embeddedTargets(base, signal);
    return lookAtNetwork(targets, signal);
  });
  return { ...base, needsDocker: runtime === 'docker' || process.platform === 'win32', network };
}
