/** Runs the pipeline: our Python runner, as a child, speaks to the sandbox's Spark and tells events as JSON lines. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Cancelled, throwIfCancelled, UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { RunResult } from '../core/pipeline.ts';
import type { PipelineRunner } from '../core/ports.ts';
import { TOPICS } from '../core/orders.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { homeLayout } from './home.ts';
import { mergedEnvironment, type Command } from './process.ts';
import { pipelineOf, shippedPipeline } from './projects.ts';
import { fingerprint, readStamp, writeStamp, type Stamp } from './runStamp.ts';
import { parseRunnerLine } from './runnerLine.ts';

/** After this long a runner that was asked to stop is killed. Spark ends a flow at its next task boundary. */
const STOP_MS = 30_000;

/** Where the runner runs, and everything as it is seen from there. */
export interface RunnerPlace {
  /** Makes ready what the runner needs; called only when it is about to run. */
  prepare(): Promise<Command>;
  /** The command only speaks for the runner: Ctrl-C must not end it before the runner has ended. */
  readonly apart: boolean;
  readonly request: {
    readonly sparkRemote: string;
    readonly project: string;
    readonly storage: string;
    readonly eventLog: string;
    readonly lockFile: string;
  };
  /** `host:port` by which Spark reaches Kafka. */
  readonly bootstrap: string;
  readonly registryUrl: string;
  /** Tells the tables of this place from those of another. */
  readonly name: string;
  /** Whether Spark itself still runs; asked when the runner ended without a word. */
  isThere?(): Promise<boolean>;
  /** The Delta version of each of the tables, by `schema.table`; -1 for one that is gone. */
  tableVersions(tables: readonly string[]): Promise<Record<string, number>>;
}

export interface RunnerTools {
  place(endpoints: Endpoints, project: string): Promise<RunnerPlace>;
  /** End offset of each partition of a topic, by partition. Throws UserError `unknown-topic`. */
  endOffsets(topic: string): Promise<Readonly<Record<string, string>>>;
}

export function createPipelineRunner(home: string, settings: Settings, tools: RunnerTools): PipelineRunner {
  const stampFile = homeLayout(home).lastRun;

  return {
    run: async (endpoints, options, onEvent, signal) => {
      throwIfCancelled(signal);
      const project = options.project === undefined ? shippedPipeline() : await pipelineOf(options.project);
      const message =
        options.project === undefined
          ? t('The pipeline is the one that ships with Orders Lakehouse.')
          : t('The pipeline is that of {0}.', project);
      onEvent({ type: 'message', level: 'info', message });
      const place = await tools.place(endpoints, project);
      const current: Omit<Stamp, 'versions' | 'result'> = {
        place: place.name,
        project: await fingerprint(project),
        dedupWindow: settings.dedupWindow,
        // Taken before the run: what arrives during it makes the next run look again.
        endOffsets: await tools.endOffsets(TOPICS.avro),
      };
      const before = await readStamp(stampFile);
      if (before && !options.fullRefresh) {
        const now: Stamp = {
          ...before,
          ...current,
          versions: await place.tableVersions(Object.keys(before.versions)),
        };
        if (before.result.equationHolds && JSON.stringify(now) === JSON.stringify(before)) {
          return nothingNew(before.result);
        }
      }
      const request = {
        ...place.request,
        configuration: configurationOf(place, settings),
        fullRefresh: options.fullRefresh,
      };
      throwIfCancelled(signal);
      const command = { ...(await place.prepare()), apart: place.apart };
      const result = await runToEnd(command, request, onEvent, signal).catch(async (error: unknown) => {
        if (!(error instanceof RunnerEnded) || (await place.isThere?.()) !== false) throw error;
        throw new UserError('spark-unreachable', t('Spark ended during the run.'), {
          hint: t('Start it and run again: what was done stays, the rest is made up for.'),
          cause: error,
        });
      });
      const versions = await place.tableVersions(result.tables.map(({ name }) => name));
      await writeStamp(stampFile, { ...current, versions, result });
      return result;
    },
  };
}

/** Every name here stands in the pipeline's own README, with its meaning on Databricks. */
function configurationOf(place: RunnerPlace, settings: Settings): Readonly<Record<string, string>> {
  return {
    'orders.kafka.bootstrap': place.bootstrap,
    'orders.kafka.topic': TOPICS.avro,
    'orders.schemas.lookup': 'registry',
    'orders.registry.url': place.registryUrl,
    'orders.dedup.window': settings.dedupWindow,
  };
}

function nothingNew(last: RunResult): RunResult {
  const none = { bronze: 0, silver: 0, quarantine: 0, duplicates: 0 };
  return {
    ...last,
    thisRun: none,
    rules: last.rules.map((rule) => ({ ...rule, passed_records: 0, failed_records: 0 })),
    upToDate: true,
  };
}

/** Without having said why. */
class RunnerEnded extends Error {}

async function runToEnd(
  command: Command & { readonly apart: boolean },
  request: object,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<RunResult> {
  const child = spawn(command.command, [...command.args], {
    cwd: command.cwd,
    env: mergedEnvironment(command.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: command.apart,
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let killer: NodeJS.Timeout | undefined;
  // The end of its input tells the runner to stop; so does our own death.
  const stop = (): void => {
    child.stdin.end();
    killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  // A runner that died early closes its input; how it ended is told below.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(request)}\n`);
  let diagnostics = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    diagnostics = (diagnostics + text).slice(-8000);
  });

  let outcome: RunResult | undefined;
  let failure: Error | undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const parsed = parseRunnerLine(line);
      if (parsed?.kind === 'event') onEvent(parsed.event);
      else if (parsed?.kind === 'result') outcome = parsed.outcome;
      else if (parsed?.kind === 'error') failure ??= parsed.error;
    }
    const code = await exited;
    if (signal.aborted) throw new Cancelled();
    if (failure) throw failure;
    if (code === 0 && outcome) return outcome;
    throw new RunnerEnded(`the pipeline runner ended with ${String(code)}: ${diagnostics || 'no message'}`);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(killer);
  }
}
