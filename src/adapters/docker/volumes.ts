/**
 * The volumes of the sandbox in Docker, worked on by scripts in a part's own image, as its user. Restored data lies beside
 * what is there, inside the same volume, until renames let them change places.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTS, type PartName } from '../../core/sandbox.ts';
import type { Finished } from '../process.ts';
import { mustHaveMoved, relocation, toolArguments } from '../snapshot/metastore.ts';
import type { Compose } from './compose.ts';

export interface Volume {
  /** Where it is mounted (docker-compose.yml). */
  readonly root: string;
  /** The folder of a home's `data` that it stands for; empty for `data` itself. */
  readonly folder: string;
  /** What of it is data, there and here. */
  readonly pieces: readonly string[];
}

export const VOLUMES: Readonly<Record<PartName, Volume>> = {
  kafka: { root: '/var/lib/kafka/data', folder: 'kafka', pieces: ['log', 'metadata'] },
  registry: { root: '/var/tmp', folder: 'registry', pieces: ['registry.mv.db'] },
  spark: {
    root: '/var/lib/orders-lakehouse',
    folder: '',
    pieces: ['warehouse', 'metastore', 'checkpoints', 'events'],
  },
};
export const WAREHOUSE = `${VOLUMES.spark.root}/warehouse`;
/** CLUSTER_ID of docker-compose.yml. */
export const CLUSTER_ID = '5L6g3nShT-eMCtK--X86sw';

const INCOMING = '.incoming';
const REPLACED = '.replaced';
/** There once all of the old data has been put aside. */
const ALL_ASIDE = `${REPLACED}/.all`;

const each = (pieces: readonly string[], condition: string, command: string): string =>
  `for one in ${pieces.join(' ')}; do if [ -e ${condition} ]; then ${command}; fi; done`;

/** Bash, in the root of a volume. */
export const clearStage = `rm -rf ${INCOMING} ${REPLACED}`;
export const swapIn = ({ pieces }: Volume): string =>
  [
    'set -e',
    `mkdir ${REPLACED}`,
    each(pieces, '$one', `mv $one ${REPLACED}/`),
    `: >${ALL_ASIDE}`,
    each(pieces, `${INCOMING}/$one`, `mv ${INCOMING}/$one .`),
  ].join('\n');
export const swapBack = ({ pieces }: Volume): string =>
  [
    `if [ -e ${ALL_ASIDE} ]; then rm -rf ${pieces.join(' ')}; fi`,
    each(pieces, `${REPLACED}/$one`, `mv ${REPLACED}/$one .`),
    clearStage,
  ].join('\n');

export type Shell = (script: string, ...args: readonly string[]) => Promise<Finished>;

/** Runs a script in a part's image, in the root of its volume. */
export function shellOf(compose: Compose, part: PartName, signal?: AbortSignal): Shell {
  const options = ['run', '--rm', '--no-deps', '--no-TTY', '--workdir', VOLUMES[part].root];
  return (script, ...args) =>
    compose.run([...options, '--entrypoint', 'bash', part, '-c', script, 'bash', ...args], {
      ...(signal ? { signal } : {}),
    });
}

/** Lays out what a volume gets, as it will lie in it, from a folder that is laid out as a home's `data`. */
export function arrange(folder: string, stage: string, part: PartName): void {
  const incoming = join(stage, INCOMING);
  mkdirSync(incoming, { recursive: true });
  const source = join(folder, VOLUMES[part].folder);
  const there = existsSync(source) ? readdirSync(source) : [];
  for (const piece of VOLUMES[part].pieces.filter((one) => there.includes(one)))
    renameSync(join(source, piece), join(incoming, piece));
  if (part === 'kafka') adopt(incoming);
}

/** The image starts on storage of its own cluster only; the id stands nowhere else in it. */
function adopt(kafka: string): void {
  for (const piece of VOLUMES.kafka.pieces) {
    const path = join(kafka, piece, 'meta.properties');
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/^cluster\.id=.*$/m, `cluster.id=${CLUSTER_ID}`));
  }
}

/** Moves the locations of the metastore that came in. */
export async function relocate(shell: Shell, from: string): Promise<void> {
  if (from === WAREHOUSE) return;
  const tool = toolArguments(`${VOLUMES.spark.root}/${INCOMING}`).join(' ');
  const script = [
    `if [ ! -e ${INCOMING}/metastore ]; then echo '0 rows updated'; exit; fi`,
    'printf %s "$1" >/tmp/relocation.sql',
    `"$JAVA_HOME/bin/java" -cp "$SPARK_HOME/jars/*" ${tool} /tmp/relocation.sql`,
  ];
  mustHaveMoved(await shell(script.join('\n'), relocation(from, WAREHOUSE)));
}

/** All three volumes or none. */
export async function swapAll(compose: Compose): Promise<void> {
  const begun: PartName[] = [];
  try {
    for (const part of PARTS) {
      begun.push(part);
      await shellOf(compose, part)(swapIn(VOLUMES[part]));
    }
  } catch (error) {
    for (const part of begun) await shellOf(compose, part)(swapBack(VOLUMES[part]));
    throw error;
  }
  for (const part of PARTS) await shellOf(compose, part)(clearStage);
}
