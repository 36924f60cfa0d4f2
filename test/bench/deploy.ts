/** Plan and deploy of 200 notebooks against the fake workspace, each answer late by a known time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBundleProject } from '../../src/adapters/bundle.ts';
import { createWorkspace } from '../../src/adapters/databricks/workspace.ts';
import { applyLakehouse } from '../../src/core/bundle/applyLakehouse.ts';
import { planLakehouse, type PreparedDeploy } from '../../src/core/bundle/planLakehouse.ts';
import type { DeployParts } from '../../src/core/bundle/ports.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';

const NOTEBOOKS = 200;
const FOLDERS = 10;
const LATENCY_MS = 50;
const AT_A_TIME = 8;
const ROUNDS = 3;

function makeProject(folder: string): void {
  writeFileSync(
    join(folder, 'databricks.yml'),
    `bundle: {name: many}
targets: {dev: {default: true}}
resources:
  schemas: {gold: {catalog_name: main, name: gold}}
  pipelines: {p: {name: p, catalog: main, schema: gold, serverless: true, libraries: [{glob: {include: "src/**"}}]}}
  jobs: {j: {name: j, tasks: [{task_key: a, pipeline_task: {pipeline_id: "\${resources.pipelines.p.id}"}}]}}
`,
  );
  for (let index = 0; index < NOTEBOOKS; index += 1) {
    const at = join(folder, 'src', `part${index % FOLDERS}`);
    mkdirSync(at, { recursive: true });
    const cell = `print(${index})\n`.repeat(200);
    writeFileSync(join(at, `notebook${index}.py`), `# Databricks notebook source\n${cell}`);
  }
}

interface Measured {
  readonly requests: number;
  readonly ms: number;
  readonly boundMs: number;
}

export async function benchDeploy(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-bench-deploy-'));
  const fake = await startFakeWorkspace({ token: 'dapi-of-the-benchmark', userName: 'ana@example.com' });
  fake.latencyMs = LATENCY_MS;
  try {
    makeProject(folder);
    const rounds: Readonly<Record<string, Measured>>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureRound(fake, folder));
    return table(rounds);
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true });
  }
}

async function measureRound(
  fake: FakeWorkspace,
  folder: string,
): Promise<Readonly<Record<string, Measured>>> {
  fake.reset();
  const open = () =>
    createWorkspace(
      { host: fake.host, as: { kind: 'token', token: 'dapi-of-the-benchmark' } },
      { onEvent: () => undefined, signal: new AbortController().signal },
    );
  const parts: DeployParts = {
    project: createBundleProject(folder, {}),
    workspace: open(),
    closing: open,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  };
  const measured = async <T>(work: () => Promise<T>): Promise<readonly [T, Measured]> => {
    const before = fake.requests.length;
    const begun = performance.now();
    const result = await work();
    const requests = fake.requests.length - before;
    return [
      result,
      { requests, ms: performance.now() - begun, boundMs: (requests * LATENCY_MS) / AT_A_TIME },
    ];
  };
  const plan = (): Promise<PreparedDeploy> => planLakehouse(parts, {});
  const apply = (prepared: PreparedDeploy) =>
    applyLakehouse(parts, prepared, { allowDelete: false, forceLock: false });
  const [first, planNew] = await measured(plan);
  const [, deployNew] = await measured(() => apply(first));
  const [, planSame] = await measured(plan);
  writeFileSync(
    join(folder, 'src', 'part0', 'notebook0.py'),
    `# Databricks notebook source\nprint(${Math.random()})\n`,
  );
  const [changed, planOne] = await measured(plan);
  const [, deployOne] = await measured(() => apply(changed));
  return {
    'plan, nothing there': planNew,
    'deploy of all': deployNew,
    'plan, nothing changed': planSame,
    'plan, one changed': planOne,
    'deploy of one': deployOne,
  };
}

function table(rounds: readonly Readonly<Record<string, Measured>>[]): string {
  const names = Object.keys(rounds[0] ?? {});
  const rows = names.map((name) => {
    const all = rounds.flatMap((round) => round[name] ?? []);
    const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    const { requests = 0, boundMs = 1 } = all[0] ?? {};
    const range = `${Math.round(times[0] ?? 0)}–${Math.round(times.at(-1) ?? 0)}`;
    return `| ${name} | ${requests} | ${Math.round(median)} (${range}) | ${Math.round(boundMs)} | ${(median / boundMs).toFixed(2)} |`;
  });
  return [
    '|  | requests | ms | lower bound, ms | ÷ bound |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `${NOTEBOOKS} notebooks in ${FOLDERS} folders, a schema, a pipeline and a job, against the fake workspace of the tests, which answers each request ${LATENCY_MS} ms late; ${ROUNDS} rounds, the median and the range. The lower bound is requests × ${LATENCY_MS} ms ÷ ${AT_A_TIME} at a time: what must come one after the other (who logged in, the lock, the state, each resource) cannot reach it.`,
  ].join('\n');
}
