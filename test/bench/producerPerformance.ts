/** Kafka's own ProducerPerformance, in Java: the upper bound. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMaven } from '../../src/adapters/embedded/mavenProgram.ts';
import { readVersions } from '../../src/adapters/embedded/versions.ts';
import { cacheFolder } from '../../src/adapters/home.ts';
import { runProgram } from './child.ts';

/** The newest that is published with its tools. */
const VERSION = '4.3.1';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>orders-lakehouse</groupId><artifactId>bench</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${VERSION}</version>
  </dependency></dependencies>
</project>
`;

/** The folder of its jars, fetched by the person's Maven on first use. */
async function jars(): Promise<string> {
  const folder = join(cacheFolder(), `bench-kafka-tools-${VERSION}`);
  if (existsSync(folder)) return folder;
  const staged = `${folder}.staging`;
  mkdirSync(staged, { recursive: true });
  writeFileSync(join(staged, 'pom.xml'), POM);
  const maven = await findMaven(cacheFolder(), readVersions(), new AbortController().signal);
  if (!maven) throw new Error('Maven is needed to fetch ProducerPerformance');
  const plugin = `org.apache.maven.plugins:maven-dependency-plugin:${readVersions().maven.dependencyPlugin}`;
  await runProgram(maven.maven, [
    ...['-q', '-B', '-f', join(staged, 'pom.xml')],
    `${plugin}:copy-dependencies`,
    `-DoutputDirectory=${join(staged, 'jars')}`,
  ]);
  renameSync(staged, folder);
  return folder;
}

/** Records a second. */
export async function producerPerformance(
  java: string,
  options: {
    readonly bootstrap: string;
    readonly topic: string;
    readonly lines: number;
    readonly valueBytes: number;
  },
): Promise<number> {
  const { stdout } = await runProgram(java, [
    ...['-Xmx512m', '-cp', join(await jars(), 'jars', '*'), 'org.apache.kafka.tools.ProducerPerformance'],
    ...['--topic', options.topic, '--num-records', String(options.lines)],
    ...['--record-size', String(Math.round(options.valueBytes)), '--throughput', '-1'],
    ...[
      '--producer-props',
      `bootstrap.servers=${options.bootstrap}`,
      'acks=all',
      'linger.ms=20',
      'batch.size=262144',
    ],
  ]);
  const rates = [...stdout.matchAll(/([\d.]+) records\/sec/g)];
  const rate = Number(rates.at(-1)?.[1]);
  if (!(rate > 0)) throw new Error(`ProducerPerformance said: ${stdout.slice(-2000)}`);
  return rate;
}
