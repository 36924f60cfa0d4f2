/** What of the person's Maven settings counts for a program that is not Maven. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

export interface RepositorySettings {
  /** Base URL of the mirror of the central repository, when there is one. */
  readonly mirror?: string;
  readonly proxy?: { readonly host: string; readonly port: number };
}

interface SettingsFile {
  readonly settings?: {
    readonly mirrors?: { readonly mirror?: readonly { readonly mirrorOf?: string; readonly url?: string }[] };
    readonly proxies?: {
      readonly proxy?: readonly {
        readonly active?: string;
        readonly host?: string;
        readonly port?: string;
      }[];
    };
  };
}

/** `*`, `central`, `external:*`, lists of them; `!central` takes it out again. */
function mirrorsCentral(mirrorOf: string): boolean {
  const names = mirrorOf.split(',').map((name) => name.trim());
  return !names.includes('!central') && names.some((name) => ['*', 'central', 'external:*'].includes(name));
}

export function repositorySettings(xml: string): RepositorySettings {
  const parser = new XMLParser({
    parseTagValue: false,
    isArray: (name) => name === 'mirror' || name === 'proxy',
  });
  // An empty element is read as an empty text, hence the optional chaining all along.
  const { settings } = parser.parse(xml) as SettingsFile;
  const mirror = settings?.mirrors?.mirror?.find((one) => mirrorsCentral(one.mirrorOf ?? ''))?.url;
  const proxy = settings?.proxies?.proxy?.find((one) => one.active !== 'false' && one.host);
  return {
    ...(mirror ? { mirror } : {}),
    ...(proxy?.host ? { proxy: { host: proxy.host, port: Number(proxy.port ?? 8080) } } : {}),
  };
}

export function ownRepositorySettings(): RepositorySettings {
  const path = join(homedir(), '.m2', 'settings.xml');
  return existsSync(path) ? repositorySettings(readFileSync(path, 'utf8')) : {};
}

/** Java's names for a proxy: Maven's settings first, then the usual environment variables. */
export function proxyOptions(
  { proxy }: RepositorySettings,
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const variable = environment['https_proxy'] || environment['HTTPS_PROXY'];
  const found = proxy ?? (variable ? proxyOfUrl(variable) : undefined);
  if (!found) return [];
  return ['http', 'https'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=${found.host}`,
    `-D${scheme}.proxyPort=${found.port}`,
  ]);
}

function proxyOfUrl(variable: string): { host: string; port: number } {
  const { hostname, port } = new URL(variable.includes('://') ? variable : `http://${variable}`);
  return { host: hostname, port: Number(port || 80) };
}
