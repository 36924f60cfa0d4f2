/** Builds the three images of the sandbox where no image registry can be reached: from what the embedded one has. */
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../src/adapters/embedded/python.ts';
import { install } from '../../src/adapters/embedded/install.ts';
import { readVersions, requirementsFile, stampOf } from '../../src/adapters/embedded/versions.ts';
import { cacheFolder } from '../../src/adapters/home.ts';
import { run } from '../../src/adapters/process.ts';
import { resourceFolder } from '../../src/adapters/resources.ts';

const sandbox = join(resourceFolder(), 'sandbox');
const packages = join(sandbox, 'images', 'packages');
const BASE_IMAGE = process.env['ORDERS_LAKEHOUSE_BASE_IMAGE'] ?? 'orders-lakehouse/base:bookworm';

/** The variables by which docker-compose.yml takes these images. */
export const IMAGES: Readonly<Record<string, string>> = {
  ORDERS_LAKEHOUSE_BASE_IMAGE: BASE_IMAGE,
  ORDERS_LAKEHOUSE_KAFKA_IMAGE: 'orders-lakehouse/kafka:local',
  ORDERS_LAKEHOUSE_REGISTRY_IMAGE: 'orders-lakehouse/registry:local',
  ORDERS_LAKEHOUSE_SPARK_IMAGE: 'orders-lakehouse/spark:local',
};

async function must(command: string, args: readonly string[]): Promise<void> {
  const env = { DOCKER_BUILDKIT: '0' };
  const done = await run({ command, args, env }, { onLine: (line) => process.stderr.write(`${line}\n`) });
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.tail.join('\n')}`);
}

/** Hard links where the file system has them: these folders hold almost a gigabyte. */
function place(source: string, name: string): void {
  const target = join(packages, name);
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, {
    recursive: true,
    dereference: true,
    filter: (from, to) => {
      mkdirSync(join(to, '..'), { recursive: true });
      try {
        linkSync(from, to);
        return false;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // A folder, or another file system.
        if (code === 'EPERM' || code === 'EXDEV') return true;
        throw error;
      }
    },
  });
}

/** Everything pip needs to build the environment without a network, kept in the cache. */
async function wheels(python: string, tools: readonly string[]): Promise<string> {
  const kept = join(
    cacheFolder(),
    `docker-wheels-${stampOf(readFileSync(requirementsFile(), 'utf8'), ...tools)}`,
  );
  if (existsSync(kept)) return kept;
  const part = `${kept}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  const toolsFile = join(part, 'tools.txt');
  writeFileSync(toolsFile, `${tools.join('\n')}\n`);
  const options = ['--no-deps', '--require-hashes', '--no-build-isolation', '--disable-pip-version-check'];
  const files = ['-r', requirementsFile(), '-r', toolsFile];
  await must(python, ['-m', 'pip', 'download', '-q', ...options, '-d', part, ...files]);
  renameSync(part, kept);
  return kept;
}

const STAMP_LABEL = 'orders-lakehouse.stamp';
const PARTS = ['kafka', 'registry', 'spark'];
const imageOf = (part: string): string => IMAGES[`ORDERS_LAKEHOUSE_${part.toUpperCase()}_IMAGE`] ?? '';

/** Of all that the images are made of; the packages are named by two of these files. */
function sourceStamp(): string {
  const names = readdirSync(sandbox, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(packages) && !/(__pycache__|\/tests\/|\/\.\w+_cache\/)/.test(path))
    .sort();
  return stampOf(BASE_IMAGE, ...names.flatMap((path) => [path, readFileSync(path, 'utf8')]));
}

async function isBuilt(part: string, stamp: string): Promise<boolean> {
  const format = `{{index .Config.Labels "${STAMP_LABEL}"}}`;
  const { stdout } = await run({
    command: 'docker',
    args: ['image', 'inspect', '--format', format, imageOf(part)],
  });
  return stdout.trim() === stamp;
}

/** Builds them when what they are made of has changed, and then removes those before. */
export async function buildImages(): Promise<void> {
  const stamp = sourceStamp();
  if ((await Promise.all(PARTS.map((part) => isBuilt(part, stamp)))).every(Boolean)) return;
  const versions = readVersions();
  const { signal } = new AbortController();
  const installed = await install({
    cache: cacheFolder(),
    python: await findPython('', versions),
    versions,
    onEvent: () => undefined,
    signal,
  });
  place(await wheels(installed.python, versions.python.tools), 'spark/python');
  place(installed.sparkJars, 'spark/jars');
  for (const part of ['kafka', 'registry']) place(installed.java.home, `${part}/java`);
  place(installed.kafka, 'kafka/libs');
  place(installed.registry, 'registry/app');
  for (const part of PARTS) {
    const file = join(sandbox, 'images', part, 'Dockerfile');
    await must('docker', [
      ...[
        'build',
        '--quiet',
        '--tag',
        imageOf(part),
        '--label',
        `${STAMP_LABEL}=${stamp}`,
        '--build-arg',
        `BASE_IMAGE=${BASE_IMAGE}`,
        '--file',
        file,
        sandbox,
      ],
    ]);
  }
  await must('docker', ['image', 'prune', '--force', '--filter', `label=${STAMP_LABEL}`]);
}
