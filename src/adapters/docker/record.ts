/** home/run/docker.json: the compose project of a home. It is there from the first start to the reset. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Endpoints } from '../../core/sandbox.ts';
import { readJson, writeAtomically } from '../files.ts';
import type { PartPorts } from './status.ts';

export interface DockerRecord {
  readonly project: string;
  /** The engine that holds it, as in DOCKER_HOST, and who told of it. */
  readonly engine: { readonly host: string; readonly from: string };
  /** From start to stop. */
  readonly wanted: boolean;
  readonly ports: PartPorts;
  readonly endpoints: Endpoints;
}

export const readRecord = (path: string): DockerRecord | undefined =>
  readJson(path) as DockerRecord | undefined;

export function writeRecord(path: string, record: DockerRecord): void {
  writeAtomically(path, JSON.stringify(record, undefined, 2));
}

/** One for each home: the same on every start, and none that two homes share. */
export function projectName(home: string): string {
  const name = basename(home)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 20);
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 8);
  return ['orders', ...(name === '' || name === 'orders-lakehouse' ? ['lakehouse'] : [name]), hash].join('-');
}
