/** The addresses that a start would fetch from: only those that are set, or that its programs use by themselves. */
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { findMaven } from '../embedded/mavenProgram.ts';
import { ownRepositorySettings, type RepositorySettings } from '../embedded/mavenSettings.ts';
import { run } from '../process.ts';
import type { Examined } from './check.ts';
import { baseImage, imagesOf } from './images.ts';
import { askIndexes, mavenHomeIn, type Indexes } from './packageIndexes.ts';
import type { Target } from './probe.ts';
import { proxyFor, urlOf, type Proxy } from '../proxies.ts';

type Asked = Pick<Examined, 'cache' | 'versions' | 'python' | 'missing'>;

async function mavenHome({ cache, versions }: Asked, signal: AbortSignal): Promise<string> {
  const found = await findMaven(cache, versions, signal);
  if (!found) return '';
  const { stdout } = await run(
    { command: found.maven, args: ['-v'], env: found.env },
    { signal, timeoutMs: 20_000 },
  );
  return mavenHomeIn(stdout);
}

export function packageTargets(
  { pip, central }: Indexes,
  { mirror, proxy }: RepositorySettings,
  missing: Examined['missing'],
  environment: NodeJS.ProcessEnv = process.env,
): readonly Target[] {
  const targets: Target[] = [];
  const add = (
    what: string,
    address: string | null | undefined,
    needed: boolean,
    own: Proxy | undefined,
  ): void => {
    const url = address ? urlOf(address) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) return;
    targets.push({ what, url, needed, proxy: own ?? proxyFor(url, environment) });
  };
  const pipProxy = pip?.proxy ? urlOf(pip.proxy) : undefined;
  add(t('Python packages'), pip?.index, missing.python, pipProxy && { url: pipProxy, from: 'pip' });
  const mavenProxy = proxy && urlOf(`${proxy.host}:${proxy.port}`);
  const from = '~/.m2/settings.xml';
  add(t('Java parts'), mirror ?? central, missing.jars.length > 0, mavenProxy && { url: mavenProxy, from });
  return targets;
}

export async function embeddedTargets(examined: Asked, signal: AbortSignal): Promise<readonly Target[]> {
  const { python, missing } = examined;
  if (isUserError(python)) return [];
  const settings = ownRepositorySettings();
  const home = settings.mirror === undefined ? await mavenHome(examined, signal) : '';
  return packageTargets(await askIndexes(python.command, home), settings, missing);
}

/** The registry of an image, as the docker command reads its name; undefined for the engine's default one. */
export function registryOf(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : undefined;
}

/** @param registry what the engine takes for names without a host; its mirrors come first. */
export function imageTargets(
  images: readonly { readonly name: string; readonly present: boolean }[],
  { registry, mirrors }: { readonly registry: string; readonly mirrors: readonly string[] },
  environment: NodeJS.ProcessEnv = process.env,
): readonly Target[] {
  const addresses = new Map<string, boolean>();
  for (const { name, present } of images) {
    const host = registryOf(name);
    const address = host === undefined ? new URL('/v2/', mirrors[0] ?? registry).href : `https://${host}/v2/`;
    addresses.set(address, (addresses.get(address) ?? false) || !present);
  }
  return [...addresses].flatMap(([address, needed]) => {
    const url = new URL(address);
    return [{ what: t('Images'), url, needed, proxy: proxyFor(url, environment), setting: 'docker.mirror' }];
  });
}

export async function dockerTargets({ docker }: Pick<Examined, 'docker'>): Promise<readonly Target[]> {
  if (!docker || isUserError(docker) || isUserError(docker.compose)) return [];
  const [images, base] = await Promise.all([imagesOf(docker, docker.compose), baseImage(docker.compose)]);
  const pulled = images.map(({ name, present }) =>
    // Built here, on one that is pulled.
    name === BUILT_HERE ? { name: base ?? name, present } : { name, present },
  );
  return imageTargets(pulled, docker.facts);
}

const BUILT_HERE = 'orders-lakehouse/spark';
