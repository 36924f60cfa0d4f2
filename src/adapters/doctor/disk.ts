import { existsSync, statfsSync } from 'node:fs';
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { nearestFolder } from '../embedded/homeFolder.ts';
import { bytesNeeded } from '../embedded/targets.ts';
import { gigabytes, type Check, type Examined, type Found } from './check.ts';
import { imagesOf } from './images.ts';

const ROOM_FOR_DATA = 2e9;

function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(folder));
  return bavail * bsize;
}

function embeddedFound({ cache, layout, versions, missing }: Examined): Found {
  const needed = bytesNeeded(missing, versions);
  const [cacheFree, homeFree] = [freeIn(cache), freeIn(layout.home)];
  const evidence = t(
    '{0} GB free for downloads ({1} GB needed), {2} GB for data',
    gigabytes(cacheFree),
    gigabytes(needed),
    gigabytes(homeFree),
  );
  if (cacheFree < needed) {
    const fix = t('Free some space, or name another folder in ORDERS_LAKEHOUSE_CACHE.');
    return { status: 'problem', evidence, fix };
  }
  if (homeFree < ROOM_FOR_DATA) {
    return {
      status: 'warning',
      evidence,
      fix: t('Free some space in {0}.', layout.home),
      mend: { kind: 'setting', name: 'home', label: t('Choose another folder') },
    };
  }
  return { status: 'ok', evidence };
}

async function dockerFound(examined: Examined): Promise<readonly Found[]> {
  const { docker } = examined;
  if (!docker || isUserError(docker)) return [];
  const { rootFolder } = docker.facts;
  // In a virtual machine (Docker Desktop) its folder is not one of this machine.
  if (!existsSync(rootFolder)) {
    return [
      {
        status: 'ok',
        evidence: t('Docker keeps its data at a place that cannot be measured from here ({0})', rootFolder),
      },
    ];
  }
  const images = isUserError(docker.compose) ? [] : await imagesOf(docker, docker.compose);
  const needed = images.reduce((sum, { bytes, present }) => sum + (present ? 0 : 2 * bytes), 0);
  const free = freeIn(rootFolder);
  const evidence = t(
    '{0} GB free for Docker in {1} ({2} GB needed for images)',
    gigabytes(free),
    rootFolder,
    gigabytes(needed),
  );
  if (free >= needed + ROOM_FOR_DATA) return [{ status: 'ok', evidence }];
  return [
    {
      status: free < needed ? 'problem' : 'warning',
      evidence,
      fix: t(
        'Free some space: docker system df shows what takes it, docker builder prune frees what only speeds up builds.',
      ),
    },
  ];
}

export const diskCheck = (): Check => ({
  id: 'disk',
  title: t('Disk'),
  look: async (examined) =>
    examined.runtime === 'docker' ? dockerFound(examined) : [embeddedFound(examined)],
});
