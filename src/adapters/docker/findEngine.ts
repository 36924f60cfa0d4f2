/** Finds a Docker engine that answers and can carry the sandbox. */
import { isUserError, UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { engineAddresses, isLocal, type EngineAddress } from './addresses.ts';
import type { Engine } from './engine.ts';

/** dockerode is a large part of the product: one file for all who use it. */
const connectEngine = async (address: EngineAddress): Promise<Engine> =>
  (await import('../dockerEngine.ts')).connectEngine(address);

export interface FoundEngine {
  readonly engine: Engine;
  readonly address: EngineAddress;
  /** For the docker command, which finds what DOCKER_HOST or a context names by itself: then null. */
  readonly host: string | null;
}

/** Throws UserError `docker-missing`, `docker-forbidden`, `docker-unreachable` or `docker-remote`. */
export async function findEngine(addresses = engineAddresses()): Promise<FoundEngine> {
  let refused: UserError | undefined;
  for (const address of addresses) {
    if (!isLocal(address.host)) throw remote(address);
    try {
      const engine = await connectEngine(address);
      const named = address.from === 'DOCKER_HOST' || address.from.startsWith('docker context');
      return { engine, address, host: named ? null : address.host };
    } catch (error) {
      if (!isUserError(error)) throw error;
      // That one may not be used is worth more than that another is not there.
      if (!refused || error.code === 'docker-forbidden') refused = error;
    }
  }
  throw (
    refused ??
    new UserError('docker-missing', t('No Docker engine was found on this machine.'), {
      hint: t('Install or start Docker, or take the embedded runtime: --runtime embedded.'),
    })
  );
}

const known = new Map<string, Promise<Engine>>();

/** The engine of a start, kept while it answers. Throws as {@link findEngine} does. */
export async function reconnect(address: EngineAddress): Promise<Engine> {
  const kept = known.get(address.host) ?? connectEngine(address);
  known.set(address.host, kept);
  try {
    return await kept;
  } catch (error) {
    known.delete(address.host);
    throw error;
  }
}

function remote({ host, from }: EngineAddress): UserError {
  return new UserError(
    'docker-remote',
    t(
      'The Docker engine at {0} is on another machine; the sandbox is reached on this one only.',
      `${from} (${host})`,
    ),
    { hint: t('Choose an engine on this machine (docker context use default), or --runtime embedded.') },
  );
}
