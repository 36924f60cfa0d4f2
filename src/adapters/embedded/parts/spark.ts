/** One Spark JVM that serves Spark Connect and the Thrift server over HTTP. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repliesToHttp, type PartSpec } from '../../supervisor/launch.ts';
import { resourceFolder } from '../../resources.ts';
import { SERVER_CLASS } from '../sparkServer.ts';
import type { PartContext } from './context.ts';
import {
  classArchive,
  STOP_GRACE_MS,
  classPath,
  javaEnvironment,
  javaOptions,
  logSettings,
  property,
} from './java.ts';

export const SQL_PATH = 'cliservice';

// What Spark's own launcher gives its driver (org.apache.spark.launcher.JavaModuleOptions).
const OPEN_PACKAGES = [
  'java.base/java.lang',
  'java.base/java.lang.invoke',
  'java.base/java.lang.reflect',
  'java.base/java.io',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.base/sun.nio.cs',
  'java.base/sun.security.action',
  'java.base/sun.util.calendar',
  'java.security.jgss/sun.security.krb5',
];

/** sandbox/spark/spark-defaults.conf, and what depends on this home. */
export function sparkDefaults(shipped: string, context: PartContext): string {
  const { layout, ports } = context;
  const own: readonly (readonly [string, string | number | boolean])[] = [
    ['spark.sql.warehouse.dir', layout.warehouse],
    [
      'spark.hadoop.javax.jdo.option.ConnectionURL',
      `jdbc:derby:;databaseName=${layout.metastore};create=true`,
    ],
    ['spark.local.dir', join(layout.run, 'spark')],
    ['spark.driver.host', '127.0.0.1'],
    ['spark.driver.bindAddress', '127.0.0.1'],
    ['spark.connect.grpc.binding.address', '127.0.0.1'],
    ['spark.connect.grpc.binding.port', ports['spark.connect']],
    ['spark.plugins', 'org.apache.spark.sql.connect.SparkConnectPlugin'],
    ['spark.sql.thriftServer.incrementalCollect', true],
  ];
  return `${shipped}\n${own.map(([key, value]) => property(key, value)).join('\n')}\n`;
}

const shippedDefaults = (): string =>
  readFileSync(join(resourceFolder(), 'sandbox', 'spark', 'spark-defaults.conf'), 'utf8');

export function sparkPart(context: PartContext): PartSpec {
  const { layout, ports, java, settings, installed } = context;
  const confFolder = join(layout.run, 'spark-conf');
  const temporary = join(layout.run, 'spark');
  // What a killed Spark left there.
  rmSync(temporary, { recursive: true, force: true });
  for (const folder of [confFolder, temporary, layout.warehouse]) mkdirSync(folder, { recursive: true });
  const conf = join(confFolder, 'spark-defaults.conf');
  writeFileSync(conf, sparkDefaults(shippedDefaults(), context));
  return {
    name: 'spark',
    command: java.java,
    args: [
      ...javaOptions(java, settings.memoryMiB.spark, classArchive(context.archives, 'spark')),
      // On two cores G1 spends a tenth of a run marking beside it.
      '-XX:+UseParallelGC',
      // What Spark runs here runs a few times: the second compiler takes more than its code gives back.
      '-XX:TieredStopAtLevel=1',
      ...OPEN_PACKAGES.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
      '-Dio.netty.tryReflectionSetAccessible=true',
      `-Dderby.system.home=${layout.metastore}-home`,
      `-Dderby.stream.error.file=${join(layout.logs, 'derby.log')}`,
      `-Djava.io.tmpdir=${temporary}`,
      '-Dhive.server2.transport.mode=http',
      '-Dhive.server2.thrift.http.port=0',
      `-Dhive.server2.thrift.http.path=${SQL_PATH}`,
      logSettings('spark'),
      '-cp',
      classPath(installed.sparkServer, join(installed.sparkHome, 'jars'), installed.sparkJars),
      'org.apache.spark.deploy.SparkSubmit',
      '--master',
      'local[2]',
      '--name',
      'orders-lakehouse',
      '--properties-file',
      conf,
      '--class',
      SERVER_CLASS,
      'spark-internal',
      String(ports['spark.sql']),
    ],
    cwd: layout.run,
    env: {
      ...javaEnvironment(java),
      SPARK_HOME: installed.sparkHome,
      SPARK_CONF_DIR: confFolder,
      SPARK_LOCAL_IP: '127.0.0.1',
      SPARK_LOCAL_HOSTNAME: '127.0.0.1',
      SPARK_SCALA_VERSION: '2.13',
      SPARK_REMOTE: null,
      PYSPARK_PYTHON: installed.python,
      PYSPARK_DRIVER_PYTHON: null,
      HADOOP_CONF_DIR: null,
      HIVE_CONF_DIR: null,
    },
    ports: { connect: ports['spark.connect'], sql: ports['spark.sql'] },
    logFile: join(layout.logs, 'spark.log'),
    ready: [
      { kind: 'port', port: ports['spark.connect'] },
      { kind: 'port', port: ports['spark.sql'] },
    ],
    readyTimeoutMs: 300_000,
    alive: repliesToHttp(ports['spark.sql']),
    stopGraceMs: STOP_GRACE_MS,
    archive: classArchive(context.archives, 'spark'),
  };
}
