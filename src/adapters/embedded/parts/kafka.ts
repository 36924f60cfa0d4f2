/** Apache Kafka: one node, broker and controller in one process (KRaft). */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../process.ts';
import type { PartSpec } from '../../supervisor/launch.ts';
import type { PartContext } from './context.ts';
import {
  classArchive,
  STOP_GRACE_MS,
  classPath,
  javaEnvironment,
  javaOptions,
  type ClassArchive,
  logSettings,
  property,
} from './java.ts';

export function serverProperties(dataFolder: string, broker: number, controller: number): string {
  const small = { 'replication.factor': 1, 'min.isr': 1, 'num.partitions': 4 };
  const topics = ['transaction.state.log', 'share.coordinator.state.topic'].flatMap((prefix) =>
    Object.entries(small).map(([key, value]) => [`${prefix}.${key}`, value] as const),
  );
  const lines: readonly (readonly [string, string | number | boolean])[] = [
    ['process.roles', 'broker,controller'],
    ['node.id', 1],
    ['controller.quorum.voters', `1@127.0.0.1:${controller}`],
    ['listeners', `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`],
    ['advertised.listeners', `PLAINTEXT://127.0.0.1:${broker}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['listener.security.protocol.map', 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT'],
    ['log.dirs', join(dataFolder, 'log')],
    // Apart from log.dirs: only then does a second broker on this folder stop at the lock instead of harming the first.
    ['metadata.log.dir', join(dataFolder, 'metadata')],
    ['auto.create.topics.enable', false],
    ['num.partitions', 3],
    ['default.replication.factor', 1],
    // The sandbox keeps everything: bronze can always be read again from the first offset.
    ['log.retention.ms', -1],
    ['log.retention.bytes', -1],
    ['offsets.topic.replication.factor', 1],
    ['offsets.topic.num.partitions', 4],
    ...topics,
    ['group.initial.rebalance.delay.ms', 0],
    // A broker that was killed is let in again after 3 s instead of 9.
    ['broker.session.timeout.ms', 3000],
    ['broker.heartbeat.interval.ms', 500],
    ['num.network.threads', 2],
    ['num.io.threads', 4],
    ['log.cleaner.dedupe.buffer.size', 4_194_304],
    ['message.max.bytes', 10_485_760],
    ['replica.fetch.max.bytes', 10_485_760],
  ];
  return `${lines.map(([key, value]) => property(key, value)).join('\n')}\n`;
}

const javaCommand = (
  context: PartContext,
  main: string,
  args: readonly string[],
  archive?: ClassArchive,
): Command => ({
  command: context.java.java,
  args: [
    ...javaOptions(context.java, context.settings.memoryMiB.kafka, archive),
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    logSettings('kafka'),
    '-cp',
    classPath(context.installed.kafka),
    main,
    ...args,
  ],
  cwd: context.layout.run,
  env: javaEnvironment(context.java),
});

const configOf = (context: PartContext): string => join(context.layout.run, 'kafka.properties');

/** Writes the settings; returns the command that formats the storage when it is new. */
export function prepareKafka(context: PartContext): Command | undefined {
  const { layout, ports } = context;
  mkdirSync(layout.kafka, { recursive: true });
  writeFileSync(
    configOf(context),
    serverProperties(layout.kafka, ports['kafka.broker'], ports['kafka.controller']),
  );
  const metadata = join(layout.kafka, 'metadata', 'meta.properties');
  if (existsSync(metadata)) return undefined;
  // Left by a format that was cut short; without the file above there are no messages yet.
  for (const folder of ['metadata', 'log']) {
    if (!existsSync(join(layout.kafka, 'log', 'meta.properties'))) {
      rmSync(join(layout.kafka, folder), { recursive: true, force: true });
    }
  }
  const id = `A${randomBytes(16).toString('base64url').slice(1)}`;
  return javaCommand(context, 'kafka.tools.StorageTool', [
    'format',
    '--ignore-formatted',
    '-t',
    id,
    '-c',
    configOf(context),
  ]);
}

/** A request ApiVersions v0: 10 bytes, key 18, version 0, correlation 0, no client id. */
const API_VERSIONS = '\0\0\0\x0a\0\x12\0\0\0\0\0\0\xff\xff';

export function kafkaPart(context: PartContext): PartSpec {
  const archive = classArchive(context.archives, 'kafka');
  const { layout, ports } = context;
  return {
    ...javaCommand(context, 'kafka.Kafka', [configOf(context)], archive),
    name: 'kafka',
    ports: { broker: ports['kafka.broker'], controller: ports['kafka.controller'] },
    logFile: join(layout.logs, 'kafka.log'),
    ready: [
      { kind: 'log', text: 'Kafka Server started' },
      { kind: 'port', port: ports['kafka.broker'] },
    ],
    readyTimeoutMs: 120_000,
    alive: { kind: 'reply', port: ports['kafka.broker'], send: API_VERSIONS },
    stopGraceMs: STOP_GRACE_MS,
    archive,
  };
}
