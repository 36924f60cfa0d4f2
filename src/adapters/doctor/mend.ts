/** What the product mends by itself; nothing of it touches a person's data. */
import { rmSync } from 'node:fs';
import type { MendId } from '../../core/doctor.ts';
import { isUserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import type { Settings } from '../../core/settings.ts';
import { findPython } from '../embedded/python.ts';
import { readVersions } from '../embedded/versions.ts';
import { cacheFolder, type HomeLayout } from '../home.ts';
import { unusedVersions } from './cache.ts';
import { lookAtDocker, type FoundDocker } from './dockerLook.ts';
import { unusedImages } from './images.ts';
import { endLeftovers, removeContainers } from './leftovers.ts';
import { startEngine } from './startEngine.ts';

interface Place {
  readonly layout: HomeLayout;
  readonly settings: Settings;
}

async function dockerOrThrow(place: Place): Promise<FoundDocker> {
  const docker = await lookAtDocker(place);
  if (isUserError(docker)) throw docker;
  return docker;
}

const deleted = (what: string, onEvent: OnEvent): void => {
  onEvent({ type: 'message', level: 'info', message: t('Deleted: {0}', what) });
};

async function deleteOldVersions({ settings }: Place, onEvent: OnEvent): Promise<void> {
  const versions = readVersions();
  const python = await findPython(settings.python, versions);
  for (const { folder } of await unusedVersions({ cache: cacheFolder(), versions, python })) {
    rmSync(folder, { recursive: true, force: true });
    deleted(folder, onEvent);
  }
}

async function deleteOldImages(place: Place, onEvent: OnEvent): Promise<void> {
  const docker = await dockerOrThrow(place);
  if (isUserError(docker.compose)) throw docker.compose;
  for (const { name } of await unusedImages(docker, docker.compose)) {
    await docker.patient.getImage(name).remove();
    deleted(name, onEvent);
  }
}

/** Throws UserError where it cannot be mended. */
export async function mend(what: MendId, place: Place, onEvent: OnEvent): Promise<void> {
  switch (what) {
    case 'leftovers':
      return endLeftovers(place.layout, onEvent);
    case 'containers':
      return removeContainers(place.layout, await dockerOrThrow(place), onEvent);
    case 'engine':
      return startEngine(onEvent);
    case 'cache':
      return deleteOldVersions(place, onEvent);
    case 'images':
      return deleteOldImages(place, onEvent);
  }
}
