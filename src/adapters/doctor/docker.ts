import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isUserError, type UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { Compose } from '../docker/compose.ts';
import { foundIn, type Check, type Examined, type Found } from './check.ts';
import type { FoundDocker } from './dockerLook.ts';
import { startOfEngine } from './startEngine.ts';

const OLDEST = [20, 10] as const;

/** `name` as the engine gives it: `Docker 28.1.0`, `Podman 5.2.0`. Podman counts its versions anew. */
export function isTooOld(name: string): boolean {
  const [, major, minor] = /^Docker (\d+)\.(\d+)/.exec(name) ?? [];
  if (major === undefined) return false;
  const [least, leastMinor] = OLDEST;
  return Number(major) < least || (Number(major) === least && Number(minor) < leastMinor);
}

function engineFound({ engine, address }: FoundDocker): Found {
  const evidence = t('{0} answers ({1})', engine.name, address.from);
  if (!isTooOld(engine.name)) return { status: 'ok', evidence };
  return {
    status: 'problem',
    evidence,
    fix: t('It is too old: Docker {0} or newer is needed.', OLDEST.join('.')),
    mend: { kind: 'open', url: 'https://docs.docker.com/engine/install/', label: t('How to install it') },
  };
}

function missingFound(error: UserError, needed: boolean): Found {
  // Who may not use an engine that is there would want to; who has none needs none.
  const status = needed ? 'problem' : error.code === 'docker-missing' ? 'ok' : 'warning';
  const found = foundIn(error, status);
  if (error.code === 'docker-forbidden' || error.code === 'docker-remote') return found;
  const start = startOfEngine(process.platform, existsSync, homedir());
  if (start) return { ...found, mend: { kind: 'mend', id: 'engine', label: t('Start Docker') } };
  if (!needed) return { status, evidence: `${error.message} ${t('None is needed.')}` };
  return {
    ...found,
    mend: {
      kind: 'open',
      url: 'https://docs.docker.com/get-started/get-docker/',
      label: t('How to install it'),
    },
  };
}

function composeFound(compose: Compose | UserError, needed: boolean): Found {
  if (!isUserError(compose)) return { status: 'ok', evidence: t('Docker Compose {0}', compose.version) };
  return {
    ...foundIn(compose, needed ? 'problem' : 'warning'),
    mend: { kind: 'open', url: 'https://docs.docker.com/compose/install/', label: t('How to install it') },
  };
}

export const dockerCheck = (): Check => ({
  id: 'docker',
  title: 'Docker',
  look: ({ docker, needsDocker }: Examined) => {
    if (!docker) return [{ status: 'ok', evidence: t('Not looked for: the runtime is set to embedded') }];
    return [isUserError(docker) ? missingFound(docker, needsDocker) : engineFound(docker)];
  },
});

export const composeCheck = (): Check => ({
  id: 'compose',
  title: 'Docker Compose',
  look: ({ docker, needsDocker }: Examined) =>
    !docker || isUserError(docker) ? [] : [composeFound(docker.compose, needsDocker)],
});
