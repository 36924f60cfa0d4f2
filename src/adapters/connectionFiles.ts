/** Files that say how to connect: a client's properties, and what the Confluent CLI keeps. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { getProperties } from 'properties-file';
import { fromClientProperties, type ImportedConnection } from '../core/clientProperties.ts';
import { parseConfluentCli } from '../core/confluentCli.ts';
import type { ConnectionDraft, ConnectionProfile } from '../core/connections.ts';
import { asFileError } from './fileErrors.ts';

const CLI_FILES = ['contexts.json', 'config.json'];

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw asFileError(error, path);
  }
}

/** Certificates that are named beside the file stand beside it. */
function resolved<T extends ConnectionProfile['tls']>(tls: T, folder: string): T {
  if (!tls) return tls;
  const at = (path: string): string => (path === '' ? '' : resolve(folder, path));
  const { authorities, certificate, key, keystore } = tls;
  return {
    ...tls,
    authorities: at(authorities),
    certificate: at(certificate),
    key: at(key),
    keystore: at(keystore),
  };
}

/** Throws UserError `no-such-file`, `no-permission`, `bad-properties`, `unknown-mechanism`. */
export async function readClientProperties(path: string): Promise<ImportedConnection> {
  const name = basename(path).replace(/\.(properties|config|conf|cfg)$/i, '');
  const imported = fromClientProperties(getProperties(await readText(path)), randomUUID(), name);
  const { profile } = imported;
  const folder = dirname(resolve(path));
  return {
    ...imported,
    profile: {
      ...profile,
      tls: resolved(profile.tls, folder),
      registry: profile.registry && { ...profile.registry, tls: resolved(profile.registry.tls, folder) },
    },
  };
}

/** None when the CLI keeps nothing here. Throws UserError `no-permission`, `not-confluent`. */
export async function readConfluentCli(
  folder = join(homedir(), '.confluent'),
): Promise<readonly ConnectionDraft[]> {
  for (const name of CLI_FILES) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw asFileError(error, path);
    });
    const found = text === undefined ? [] : parseConfluentCli(text, randomUUID);
    if (found.length > 0) return found;
  }
  return [];
}
