/** The images that a start takes, and those that earlier versions of the sandbox left. */
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { DownloadItem } from '../../core/sandbox.ts';
import type { Compose } from '../docker/compose.ts';
import { missingImages } from '../docker/images.ts';
import { gigabytes, type Check } from './check.ts';
import type { FoundDocker } from './dockerLook.ts';

export const imagesOf = async ({ engine }: FoundDocker, compose: Compose): Promise<readonly DownloadItem[]> =>
  missingImages(await compose.images(), engine);

/** What the image of Spark is built on. */
export const baseImage = async (compose: Compose): Promise<string | undefined> =>
  (await compose.config()).services['spark']?.build?.args?.['BASE_IMAGE'];

/** Built by the sandbox: its tag is a hash of what the image is made of. */
const BUILT = /^orders-lakehouse\/spark:[0-9a-f]{12}$/;

/** Images that this product built for other versions, as the engine lists them. */
export function oldImages(
  listed: readonly { readonly RepoTags?: readonly string[] | null | undefined; readonly Size: number }[],
  current: readonly string[],
): readonly { readonly name: string; readonly bytes: number }[] {
  return listed.flatMap(({ RepoTags, Size }) =>
    (RepoTags ?? [])
      .filter((name) => BUILT.test(name) && !current.includes(name))
      .map((name) => ({ name, bytes: Size })),
  );
}

/** Those that no container is made from, running or not. */
export async function unusedImages(
  docker: FoundDocker,
  compose: Compose,
): Promise<ReturnType<typeof oldImages>> {
  const [names, listed, containers] = await Promise.all([
    compose.images(),
    docker.client.listImages(),
    docker.client.listContainers({ all: true }),
  ]);
  const used = containers.map(({ Image }) => Image);
  return oldImages(listed, Object.values(names)).filter(({ name }) => !used.includes(name));
}

async function withDate(docker: FoundDocker, name: string): Promise<string> {
  const { Created } = await docker.client.getImage(name).inspect();
  return t('{0}, made {1}', name, Created.slice(0, 10));
}

export const imagesCheck = (): Check => ({
  id: 'images',
  title: t('Images'),
  look: async (examined) => {
    const { docker, runtime } = examined;
    if (runtime === 'embedded' || !docker || isUserError(docker) || isUserError(docker.compose)) return [];
    const items = await imagesOf(docker, docker.compose);
    const name = (item: DownloadItem): string => `${item.name}:${item.version}`;
    const there = await Promise.all(
      items.filter(({ present }) => present).map((item) => withDate(docker, name(item))),
    );
    const missing = items.filter(({ present }) => !present);
    const evidence = [
      ...(there.length > 0 ? [t('Present: {0}', there.join('; '))] : []),
      ...(missing.length > 0
        ? [t('Fetched or built at the next start: {0}', missing.map(name).join(', '))]
        : []),
    ].join('. ');
    return [{ status: 'ok', evidence }];
  },
});

export const oldImagesCheck = (): Check => ({
  id: 'old-images',
  title: t('Old images'),
  look: async (examined) => {
    const { docker } = examined;
    if (!docker || isUserError(docker) || isUserError(docker.compose)) return [];
    const old = await unusedImages(docker, docker.compose);
    if (old.length === 0) return [{ status: 'ok', evidence: t('No images of other versions are kept') }];
    const bytes = old.reduce((sum, one) => sum + one.bytes, 0);
    const names = old.map((one) => one.name).join(', ');
    return [
      {
        status: 'ok',
        evidence: t('Images of other versions take up to {0} GB: {1}', gigabytes(bytes), names),
        fix: t('They can go, unless you also use another version of Orders Lakehouse.'),
        mend: { kind: 'mend', id: 'images', label: t('Delete old images') },
      },
    ];
  },
});
