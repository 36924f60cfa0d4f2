import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import type { Event } from '../../../../src/core/events.ts';
import { mavenProgress, pomFor } from '../../../../src/adapters/embedded/maven.ts';
import { proxyOptions, repositorySettings } from '../../../../src/adapters/embedded/mavenSettings.ts';
import { coordinatesOf, readVersions } from '../../../../src/adapters/embedded/versions.ts';

describe('the project for Maven', () => {
  it('names each file, and where it goes, also with odd characters', () => {
    const file = { artifact: 'g.h:a:1:tar.gz:all', bytes: 1, sha256: '' };
    const pom = new XMLParser({ parseTagValue: false }).parse(
      pomFor([{ file, folder: '/tmp/a & <b>/é' }], '3.8.1'),
    ) as {
      project: {
        build: {
          plugins: {
            plugin: { version: string; configuration: { artifactItems: { artifactItem: unknown } } };
          };
        };
      };
    };
    const { plugin } = pom.project.build.plugins;
    assert.equal(plugin.version, '3.8.1');
    assert.deepEqual(plugin.configuration.artifactItems.artifactItem, {
      groupId: 'g.h',
      artifactId: 'a',
      version: '1',
      type: 'tar.gz',
      classifier: 'all',
      outputDirectory: '/tmp/a & <b>/é',
    });
  });
});

describe('the progress of Maven', () => {
  it('takes the name from the line before, and leaves out descriptions', () => {
    const events: Event[] = [];
    const onLine = mavenProgress((event) => events.push(event));
    onLine('Downloading from central: https://x/y/a-1.pom');
    onLine('Progress (1): 4.1/18 kB');
    onLine('Downloading from company: https://x/y/a-1-all.tar.gz');
    onLine('Progress (1): 12/159 MB');
    assert.deepEqual(events, [{ type: 'download', name: 'a-1-all.tar.gz', done: 12e6, total: 159e6 }]);
  });
});

describe("the person's Maven settings", () => {
  const settings = (mirrorOf: string): string => `<settings>
    <!-- <mirror><mirrorOf>*</mirrorOf><url>https://commented.out</url></mirror> -->
    <mirrors><mirror><id>m</id><mirrorOf>${mirrorOf}</mirrorOf><url>https://mirror.example/maven</url></mirror></mirrors>
    <proxies>
      <proxy><active>false</active><host>old.example</host><port>1</port></proxy>
      <proxy><active>true</active><host>proxy.example</host><port>3128</port></proxy>
    </proxies></settings>`;

  for (const mirrorOf of ['central', '*', 'external:*', 'x, central', '*,!x']) {
    it(`mirror the central repository by "${mirrorOf}"`, () => {
      assert.equal(repositorySettings(settings(mirrorOf)).mirror, 'https://mirror.example/maven');
    });
  }
  for (const mirrorOf of ['other', '*,!central']) {
    it(`do not by "${mirrorOf}"`, () => {
      assert.equal(repositorySettings(settings(mirrorOf)).mirror, undefined);
    });
  }

  it('give the proxy that is active', () => {
    const found = repositorySettings(settings('*'));
    assert.deepEqual(found.proxy, { host: 'proxy.example', port: 3128 });
    assert.ok(proxyOptions(found, {}).includes('-Dhttps.proxyHost=proxy.example'));
  });

  it('may be empty; then the environment counts', () => {
    const none = repositorySettings('<settings><mirrors/><proxies/></settings>');
    assert.deepEqual(none, {});
    assert.deepEqual(proxyOptions(none, {}), []);
    assert.ok(
      proxyOptions(none, { HTTPS_PROXY: 'http://p.example:8080' }).includes('-Dhttps.proxyPort=8080'),
    );
  });
});

describe('versions.json', () => {
  const { components, maven, python } = readVersions();
  const files = [...Object.values(components).flatMap((one) => one.files), maven];

  it('gives each file a size and a hash, and names none twice in a folder', () => {
    for (const { artifact, bytes, sha256 } of files) {
      assert.match(sha256, /^[0-9a-f]{64}$/, artifact);
      assert.ok(bytes > 100, artifact);
      const { group, version } = coordinatesOf(artifact);
      assert.ok(group && version, artifact);
    }
    for (const { files: own } of Object.values(components)) {
      const names = own.map((file) => coordinatesOf(file.artifact).fileName);
      assert.equal(new Set(names).size, names.length);
    }
  });

  it('has the main program of each component in its version', () => {
    const has = (name: keyof typeof components, artifact: string): boolean =>
      components[name].files.some((file) =>
        file.artifact.startsWith(`${artifact}:${components[name].version}`),
      );
    assert.ok(has('kafka', 'org.apache.kafka:kafka_2.13'));
    assert.ok(has('registry', 'io.apicurio:apicurio-registry-app'));
    assert.ok(has('sparkJars', 'io.delta:delta-spark_4.2_2.13'));
  });

  it('holds the tools to their hashes', () => {
    for (const tool of python.tools) assert.match(tool, /^[a-z]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  });
});
