/** Kafka → gold by `run` against a hand-written batch job with the same outputs, and a run with nothing new. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { homeLayout } from '../../src/adapters/home.ts';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { compiledOnce } from '../../src/adapters/embedded/runnerPython.ts';
import { createTables } from '../../src/adapters/tables.ts';
import { allRows } from '../../src/core/catalog.ts';
import { TOPICS } from '../../src/core/orders.ts';
import type { RunResult } from '../../src/core/pipeline.ts';
import type { Tables } from '../../src/core/ports.ts';
import { cli, runProgram } from './child.ts';
import { interleaved, median, ratios, spread } from './measure.ts';
import { memoryNow, memoryRows, watchMemory, type Memory } from './memory.ts';
import { grouped, markdownTable, mebibytes, verdict } from './report.ts';
import type { Sandbox } from './sandbox.ts';
import { phasesOf } from './phases.ts';

const LINES = 500_000;
const NEW_LINES = 5000;
const WARM_UP_LINES = 5000;
const ROUNDS = 3;
const FAULTS =
  'duplicate=1%,messy=1%,undecodable=0.1%,bad-price=0.2%,bad-transaction-no=0.2%,missing-customer=2%,wrong-sign=0.2%';
const BATCH = 'batch_';
const GOLD = ['sales_daily', 'product_performance', 'customer_value', 'finance_monthly'];
const LIMIT_MIB = 4096;
const signal = new AbortController().signal;

const produce = (home: string, lines: number, seed: number): Promise<unknown> =>
  cli(home, ['produce', '--count', String(lines), '--seed', String(seed), '--faults', FAULTS]);

/** Tables, checkpoints and the note of the last run go; the topic and the JVM stay. */
async function empty(sandbox: Sandbox, tables: Tables, prefix: string): Promise<void> {
  for (const layer of ['bronze', 'silver', 'gold']) {
    await allRows(tables, `DROP SCHEMA IF EXISTS ${prefix}${layer} CASCADE`, signal);
  }
  const { checkpoints, data } = homeLayout(sandbox.home);
  if (prefix === '') {
    await rm(checkpoints, { recursive: true, force: true });
    await rm(join(data, 'last-run.json'), { force: true });
  }
}

async function ours(sandbox: Sandbox, memory?: Memory) {
  const ended = await cli(sandbox.home, ['run'], {
    onStart: (pid) => memory?.follow('`run` (CLI and Python)', pid),
  });
  return { ...ended, result: JSON.parse(ended.stdout) as RunResult };
}

function batch(sandbox: Sandbox, memory?: Memory) {
  const { bootstrap, registryUrl, sparkConnect } = sandbox.endpoints;
  const job = join(resourceFolder(), 'test', 'bench', 'batch_job.py');
  return runProgram(sandbox.python, [job, sparkConnect, bootstrap, registryUrl, TOPICS.avro, BATCH], {
    env: compiledOnce(sandbox.python),
    onStart: (pid) => memory?.follow('batch job (Python)', pid),
  });
}

/** Both ways gave the same rows. */
async function requireSame(tables: Tables, result: RunResult): Promise<void> {
  const both = [...GOLD.map((name) => `gold.${name}`), 'silver.orders', 'silver.orders_quarantine'];
  for (const table of both) {
    const [one, other] = [table, BATCH + table];
    const sql = `SELECT count(*) FROM ((SELECT * FROM ${one} EXCEPT ALL SELECT * FROM ${other})
      UNION ALL (SELECT * FROM ${other} EXCEPT ALL SELECT * FROM ${one}))`;
    const [[differences] = []] = await allRows(tables, sql, signal);
    if (differences !== '0') throw new Error(`${one} and ${other} differ in ${String(differences)} rows`);
  }
  if (!result.equationHolds || result.totals.bronze < LINES) {
    throw new Error(`not what was sent: ${JSON.stringify(result.totals)}`);
  }
}

export interface PipelineReport {
  readonly pipeline: string;
  readonly memory: string;
}

export async function benchPipeline(sandbox: Sandbox): Promise<PipelineReport> {
  const atStart = await memoryNow(sandbox);
  const tables = await createTables(sandbox.endpoints.sparkSql);
  // Warm-up, on few lines: the JVM's first run of either side would pay for loading classes.
  await produce(sandbox.home, WARM_UP_LINES, 1);
  await ours(sandbox);
  await batch(sandbox);
  await produce(sandbox.home, LINES - WARM_UP_LINES, 2);

  const memory = await watchMemory(sandbox);
  const texts: string[] = [];
  let result: RunResult | undefined;
  const measured = await interleaved(ROUNDS, {
    ours: async () => {
      await empty(sandbox, tables, '');
      const ended = await ours(sandbox, memory);
      texts.push(phasesOf(ended.told));
      result = ended.result;
      return ended.seconds;
    },
    batch: async () => {
      await empty(sandbox, tables, BATCH);
      const ended = await batch(sandbox, memory);
      texts.push(ended.stdout);
      return ended.seconds;
    },
  });
  const atPeak = await memory.stop();
  console.log(texts.join('\n'));
  if (!result) throw new Error('no run');
  await requireSame(tables, result);

  const nothing: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) nothing.push((await ours(sandbox)).seconds);
  await produce(sandbox.home, NEW_LINES, 3);
  const few = await ours(sandbox);
  console.log(phasesOf(few.told));
  await tables.close();
  const atRest = await memoryNow(sandbox);

  const batchSeconds = median(measured.batch);
  const toBatch = ratios(measured.ours, measured.batch);
  const row = (name: string, seconds: readonly number[], goal: string): string[] => [
    name,
    spread(seconds, 1),
    spread(
      seconds.length === measured.batch.length
        ? ratios(seconds, measured.batch)
        : [few.seconds / batchSeconds],
    ),
    goal,
  ];
  const total = atPeak.get('total') ?? 0;
  return {
    pipeline: [
      markdownTable(
        ['', 'seconds', '÷ batch job', 'goal'],
        [
          row('batch job by hand', measured.batch, ''),
          row(
            `\`run\`, first, ${grouped(LINES)} lines`,
            measured.ours,
            verdict(median(toBatch), { atMost: 1.5 }),
          ),
          row('`run` with nothing new', nothing, verdict(median(nothing) / batchSeconds, { atMost: 0.15 })),
          row(`\`run\` with ${grouped(NEW_LINES)} new lines`, [few.seconds], ''),
        ],
      ),
      '',
      `Seconds of the whole process, Python's start included; ${ROUNDS} rounds in turns, after a warm-up of both on ` +
        `${grouped(WARM_UP_LINES)} lines. Silver, quarantine and all four gold tables of both sides held the same rows ` +
        `(\`EXCEPT ALL\` both ways). \`run\` counted ${grouped(result.totals.bronze)} = ` +
        `${grouped(result.totals.silver)} + ${grouped(result.totals.quarantine)} + ${grouped(result.totals.duplicates)}.`,
    ].join('\n'),
    memory: [
      markdownTable(
        ['MiB resident', 'after the start', 'peak of runs and batch jobs', 'at rest afterwards'],
        memoryRows([atStart, atPeak, atRest]),
      ),
      '',
      `Goal: ${verdict(total / 1024 / 1024, { atMost: LIMIT_MIB })} MiB in all; the peak was ${mebibytes(total)} MiB.`,
    ].join('\n'),
  };
}
