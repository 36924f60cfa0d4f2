/** Brings the images: upstream ones are pulled, the one of Spark is built. */
import { isUserError, UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { PARTS, type DownloadItem, type PartName } from '../../core/sandbox.ts';
import type { Compose } from './compose.ts';
import type { Engine } from './engine.ts';

/** About what is fetched; for Spark the packages that its image is built from. */
const BYTES: Readonly<Record<PartName, number>> = { kafka: 210e6, registry: 330e6, spark: 680e6 };

/** `name` without the tag, the tag. */
function split(image: string): readonly [name: string, tag: string] {
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? [image.slice(0, colon), image.slice(colon + 1)] : [image, 'latest'];
}

/** What a start would fetch. */
export async function missingImages(
  images: Readonly<Record<string, string>>,
  engine: Engine,
): Promise<readonly DownloadItem[]> {
  return Promise.all(
    PARTS.map(async (part) => {
      const image = images[part] ?? part;
      const [name, version] = split(image);
      return { name, version, bytes: BYTES[part], present: await engine.hasImage(image) };
    }),
  );
}

/** Throws UserError `image-missing` for one that cannot be pulled or built. */
export async function prepareImages(
  {
    compose,
    engine,
    buildSpark,
  }: { readonly compose: Compose; readonly engine: Engine; readonly buildSpark: boolean },
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const images = await compose.images();
  for (const part of PARTS) {
    const image = images[part] ?? part;
    if (await engine.hasImage(image)) continue;
    const build = part === 'spark' && buildSpark;
    const phase = build ? t('Building the image {0}', image) : t('Fetching the image {0}', image);
    onEvent({ type: 'phase', phase });
    const onLine = (line: string): void => {
      if (line.trim() !== '') onEvent({ type: 'phase', phase: `${phase}: ${line.trim().slice(0, 120)}` });
    };
    try {
      await compose.run([build ? 'build' : 'pull', part], { signal, onLine });
    } catch (error) {
      if (!isUserError(error)) throw error;
      throw new UserError('image-missing', t('The image {0} could not be had: {1}', image, error.message), {
        hint: t(
          'Check the network, or name a mirror in ORDERS_LAKEHOUSE_MIRROR; sandbox/images/README.md tells more.',
        ),
        cause: error,
      });
    }
  }
}
