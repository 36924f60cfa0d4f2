/** Compiles the small main class of the Spark server with the Scala compiler that Spark brings. */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resourceFolder } from '../resources.ts';
import { run } from '../process.ts';
import type { JavaRuntime } from './parts/java.ts';

export const SERVER_CLASS = 'org.apache.spark.sql.hive.thriftserver.LoopbackThriftServer';

const source = (): string =>
  join(resourceFolder(), 'sandbox', 'runtime', 'spark', 'LoopbackThriftServer.scala');

export const sparkServerSource = (): string => readFileSync(source(), 'utf8');

/** Does nothing when the jar is there. */
export async function compileSparkServer(
  jar: string,
  sparkHome: string,
  { java }: JavaRuntime,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(jar)) return;
  mkdirSync(dirname(jar), { recursive: true });
  const jars = join(sparkHome, 'jars', '*');
  const unfinished = jar.replace(/\.jar$/, `.${process.pid}.jar`);
  const args = [
    '-Xmx512m',
    '-cp',
    jars,
    'scala.tools.nsc.Main',
    '-classpath',
    jars,
    '-d',
    unfinished,
    source(),
  ];
  const done = await run({ command: java, args }, { signal });
  if (done.code !== 0) throw new Error(`the Spark server did not compile: ${done.tail.join('\n')}`);
  renameSync(unfinished, jar);
}
