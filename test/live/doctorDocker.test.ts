/** The doctor on a real Docker engine. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectName } from '../../src/adapters/docker/record.ts';
import type { Finding } from '../../src/core/doctor.ts';
import { startCli, type Finished } from './support/cli.ts';
import { containers, docker } from './support/docker.ts';

const DOCKER = { ORDERS_LAKEHOUSE_RUNTIME: 'docker' };

describe('the doctor with Docker', function () {
  this.timeout(300_000);
  let home: string;
  let project: string;

  const findingsIn = ({ stdout, stderr }: Finished): readonly Finding[] => {
    assert.notEqual(stdout, '', stderr);
    return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
  };
  const look = async (...args: readonly string[]) =>
    findingsIn(await startCli(home, ['doctor', ...args], DOCKER).finished);
  const of = (findings: readonly Finding[], id: string) => findings.filter((one) => one.id === id);

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'orders-lakehouse-doctor-docker-'));
    project = projectName(home);
  });
  after(async () => {
    for (const id of containers(project)) docker('rm', '--force', id);
    for (const [list, remove] of [
      [
        ['network', 'ls'],
        ['network', 'rm'],
      ],
      [
        ['volume', 'ls'],
        ['volume', 'rm'],
      ],
    ] as const) {
      const label = `label=com.docker.compose.project=${project}`;
      for (const id of docker(...list, '--quiet', '--filter', label)) docker(...remove, id);
    }
    await rm(home, { recursive: true, force: true });
  });

  it('says which engine, Compose and images a start would take, and changes nothing', async () => {
    const findings = await look();
    const version = docker('version', '--format', '{{.Server.Version}}')[0] ?? '';
    assert.ok(of(findings, 'docker')[0]?.evidence.includes(version));
    assert.ok(
      of(findings, 'compose')[0]?.evidence.includes(docker('compose', 'version', '--short')[0] ?? '?'),
    );
    const kafka = process.env['ORDERS_LAKEHOUSE_KAFKA_IMAGE'] ?? 'apache/kafka:4.4.0';
    assert.ok(of(findings, 'images')[0]?.evidence.includes(kafka));
    assert.deepEqual(containers(project), []);
  });

  it('removes a container and a network of this home that no start wants, and keeps the volume', async () => {
    const label = ['--label', `com.docker.compose.project=${project}`];
    const image = process.env['ORDERS_LAKEHOUSE_KAFKA_IMAGE'] ?? 'apache/kafka:4.4.0';
    docker('network', 'create', ...label, `${project}_default`);
    docker('volume', 'create', ...label, `${project}_kafka`);
    const created = ['create', ...label, '--name', `${project}-kafka-1`, '--network', `${project}_default`];
    docker(...created, '--init', '--volume', `${project}_kafka:/data`, '--entrypoint', 'sleep', image, '600');
    docker('start', `${project}-kafka-1`);

    const [found] = of(await look(), 'leftovers');
    assert.equal(found?.status, 'warning');
    assert.match(found.evidence, new RegExp(`${project}-kafka-1 \\(running\\), ${project}_default$`));

    const after = of(await look('--mend'), 'leftovers');
    assert.deepEqual(
      after.map(({ status }) => status),
      ['ok'],
    );
    assert.deepEqual(containers(project), []);
    assert.deepEqual(docker('network', 'ls', '--quiet', '--filter', `name=${project}`), []);
    assert.deepEqual(docker('volume', 'ls', '--quiet', '--filter', `name=${project}`), [`${project}_kafka`]);
  });

  it('is asked by a start without Compose, and names it as the problem', async () => {
    const env = { PATH: '/nowhere' };
    const { code, stderr } = await startCli(home, ['up', '--runtime', 'docker'], env).finished;
    assert.equal(code, 1);
    const error = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as {
      code: string;
      findings: readonly Finding[];
    };
    assert.equal(error.code, 'compose-missing');
    assert.deepEqual(
      of(error.findings, 'compose').map(({ status, mend }) => [status, mend?.kind]),
      [['problem', 'open']],
    );
  });
});
