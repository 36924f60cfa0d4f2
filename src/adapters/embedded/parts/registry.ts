/** Apicurio Registry: the Confluent API on a database file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repliesToHttp, type PartSpec } from '../../supervisor/launch.ts';
import type { PartContext } from './context.ts';
import { classArchive, STOP_GRACE_MS, javaEnvironment, javaOptions } from './java.ts';

export const REGISTRY_PATH = '/apis/ccompat/v7';

export const registryUrl = (port: number): string => `http://127.0.0.1:${port}${REGISTRY_PATH}`;

export function registryPart(context: PartContext): PartSpec {
  const { layout, ports, java, settings, installed } = context;
  mkdirSync(layout.registry, { recursive: true });
  const port = ports['registry.http'];
  const properties: Readonly<Record<string, string | number | boolean>> = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': ports['registry.management'],
    'quarkus.log.level': 'WARN',
    'quarkus.log.category."io.quarkus".level': 'INFO',
    // As Kafka and Spark write it; the registry's own has a date that nobody can read.
    'quarkus.log.console.format': '%d{yyyy-MM-dd HH:mm:ss,SSS} %p [%c{1}] (%t) %s%e%n',
    // One line for each request, the supervisor's included.
    'quarkus.http.access-log.enabled': false,
    'quarkus.banner.enabled': false,
    'apicurio.storage.kind': 'sql',
    'apicurio.storage.sql.kind': 'h2',
    // Written at once: H2 otherwise acknowledges up to half a second before it writes.
    'apicurio.datasource.url': `jdbc:h2:file:${join(layout.registry, 'registry')};WRITE_DELAY=0`,
    'apicurio.datasource.username': 'sa',
    'apicurio.datasource.password': 'sa',
  };
  return {
    name: 'registry',
    command: java.java,
    args: [
      ...javaOptions(java, settings.memoryMiB.registry, classArchive(context.archives, 'registry')),
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${String(value)}`),
      '-jar',
      join(installed.registry, 'quarkus-run.jar'),
    ],
    cwd: layout.run,
    env: javaEnvironment(java),
    ports: { http: port, management: ports['registry.management'] },
    logFile: join(layout.logs, 'registry.log'),
    ready: [{ kind: 'http', url: `${registryUrl(port)}/subjects` }],
    readyTimeoutMs: 180_000,
    alive: repliesToHttp(port),
    stopGraceMs: STOP_GRACE_MS,
    archive: classArchive(context.archives, 'registry'),
  };
}

/** New schemas must be readable by what reads the old ones; the registry's own default allows anything. */
export async function requireCompatibility(url: string): Promise<void> {
  const response = await fetch(`${url}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  });
  if (!response.ok)
    throw new Error(`the registry refused its compatibility: ${response.status} ${await response.text()}`);
}
