/** What an update's events add up to: how each flow fares, what its rules counted, what failed. */
import type { RuleCount } from '../pipeline.ts';
import { objectOf, textOf } from './json.ts';
import type { Json, JsonObject, PipelineEvent } from './ports.ts';

export interface FlowReport {
  readonly name: string;
  /** Into which it writes: `catalog.schema.table`. */
  readonly dataset: string;
  /** `QUEUED`, `STARTING`, `RUNNING`, `COMPLETED`, `FAILED`, `SKIPPED`, `STOPPED`, `IDLE`, `EXCLUDED`. */
  readonly state: string;
  /** Rows written in this update; undefined: nothing was told of it. */
  readonly rows?: number;
}

export interface UpdateLine {
  readonly id: string;
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  /** Of an error: what failed, the innermost last. */
  readonly causes: readonly string[];
}

export interface UpdateReport {
  readonly flows: readonly FlowReport[];
  readonly rules: readonly RuleCount[];
  readonly lines: readonly UpdateLine[];
}

/** Counts beyond what a number holds come as text. */
const numberOf = (value: Json | undefined): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
};

const lineOf = ({ id, timestamp, level, message, exceptions }: PipelineEvent): UpdateLine => ({
  id,
  timestamp,
  level,
  message,
  causes: exceptions.map((one) => one.message || one.className),
});

export interface UpdateFolding {
  /** Events that were given before are left out. */
  add(events: readonly PipelineEvent[]): void;
  flow(name: string): FlowReport | undefined;
  report(): UpdateReport;
}

/** A stream tells of each batch what that counted: the counts of an update are their sums. */
export function foldUpdate(): UpdateFolding {
  const flows = new Map<string, FlowReport>();
  const rules = new Map<string, RuleCount>();
  const lines: UpdateLine[] = [];
  const seen = new Set<string>();

  const addFlow = (name: string, dataset: string, progress: JsonObject): void => {
    const before = flows.get(name);
    const metrics = objectOf(progress['metrics']);
    const written = ['num_output_rows', 'num_upserted_rows'].filter((one) => metrics[one] !== undefined);
    const rows = written.reduce((sum, one) => sum + numberOf(metrics[one]), before?.rows ?? 0);
    const counted = written.length > 0 || before?.rows !== undefined;
    flows.set(name, {
      name,
      dataset,
      state: textOf(progress['status']) || (before?.state ?? ''),
      ...(counted ? { rows } : {}),
    });
  };
  const addRules = (of: string, progress: JsonObject): void => {
    const { expectations } = objectOf(progress['data_quality']);
    for (const one of Array.isArray(expectations) ? (expectations as readonly Json[]) : []) {
      const rule = objectOf(one);
      const [name, dataset] = [textOf(rule['name']), textOf(rule['dataset']) || of];
      const key = JSON.stringify([dataset, name]);
      const before = rules.get(key);
      rules.set(key, {
        name,
        dataset,
        passed_records: (before?.passed_records ?? 0) + numberOf(rule['passed_records']),
        failed_records: (before?.failed_records ?? 0) + numberOf(rule['failed_records']),
      });
    }
  };

  return {
    add: (events) => {
      for (const event of events) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        const progress = objectOf(event.details['flow_progress']);
        if (event.type === 'flow_progress') {
          const name = event.flow || event.dataset;
          const dataset = event.dataset || event.flow;
          if (name !== '') addFlow(name, dataset, progress);
          addRules(dataset, progress);
        }
        // What only counts is for the tables.
        if (event.level !== 'METRICS') lines.push(lineOf(event));
      }
    },
    flow: (name) => flows.get(name),
    report: () => ({ flows: [...flows.values()], rules: [...rules.values()], lines: [...lines] }),
  };
}
