/** What events of an update add up to. */
import assert from 'node:assert/strict';
import { createTally } from '../../../../src/core/bundle/runPipelines.ts';
import type { JsonObject, PipelineEvent } from '../../../../src/core/databricks/ports.ts';

describe('the events of an update', () => {
  let next = 0;
  const event = (more: Partial<PipelineEvent>): PipelineEvent => ({
    id: String((next += 1)),
    timestamp: '2026-01-31T12:00:00.000Z',
    level: 'INFO',
    type: 'flow_progress',
    message: 'm',
    updateId: 'u',
    dataset: 'cat.silver.orders',
    flow: 'cat.silver.orders',
    details: {},
    exceptions: [],
    ...more,
  });
  const progress = (more: JsonObject): Partial<PipelineEvent> => ({ details: { flow_progress: more } });
  const rule = (passed: number, failed: number): JsonObject => ({
    expectations: [
      { name: 'r', dataset: 'cat.silver.orders', passed_records: passed, failed_records: failed },
    ],
  });

  it('sums micro-batches, each event once, of this update alone', () => {
    const tally = createTally('u', '/Workspace/x/files');
    const first = event(
      progress({ status: 'RUNNING', metrics: { num_output_rows: 5 }, data_quality: rule(4, 1) }),
    );
    tally.add(first);
    tally.add(first);
    tally.add(
      event({
        ...progress({ metrics: { num_output_rows: 7 }, data_quality: rule(7, 0) }),
        updateId: 'other',
      }),
    );
    tally.add(
      event(progress({ status: 'RUNNING', metrics: { num_output_rows: '2' }, data_quality: rule(2, 0) })),
    );
    assert.deepEqual(tally.result(), {
      tables: [{ name: 'silver.orders', rows: 7 }],
      rules: [{ name: 'r', dataset: 'silver.orders', passed_records: 6, failed_records: 1 }],
      errors: [],
    });
  });

  it('sums what several flows write into one table, and gives a rule the table of its flow', () => {
    const tally = createTally('u', '/Workspace/x/files');
    for (const [flow, rows] of [
      ['first', 5],
      ['second', 2],
    ] as const) {
      const { expectations } = rule(rows, 0) as { readonly expectations: readonly JsonObject[] };
      const { dataset: _, ...without } = expectations[0] ?? {};
      tally.add(
        event({
          flow,
          ...progress({ metrics: { num_output_rows: rows }, data_quality: { expectations: [without] } }),
        }),
      );
    }
    assert.deepEqual(tally.result().tables, [{ name: 'silver.orders', rows: 7 }]);
    assert.deepEqual(tally.result().rules, [
      { name: 'r', dataset: 'silver.orders', passed_records: 7, failed_records: 0 },
    ]);
  });

  it('tells a state of a table when it changes', () => {
    const tally = createTally('u', '/Workspace/x/files');
    const told = ['QUEUED', 'STARTING', 'RUNNING', 'COMPLETED'].flatMap((status) =>
      tally.add(event(progress({ status }))),
    );
    assert.deepEqual(
      told.map((one) => (one.type === 'dataset' ? `${one.dataset} ${one.state}` : one.type)),
      ['silver.orders queued', 'silver.orders running', 'silver.orders completed'],
    );
  });

  it('names table and line of what failed, and the same failure once', () => {
    const tally = createTally('u', '/Workspace/Users/a@x/files');
    const exceptions = [
      { className: 'Outer', message: 'outer' },
      {
        className: 'Inner',
        message:
          'no such column\nFile "/databricks/spark/x.py", line 1\nFile "/Workspace/Users/a@x/files/orders/silver.py", line 12, in f\nFile "/databricks/y.py", line 3',
      },
    ];
    for (let tried = 0; tried < 3; tried += 1) tally.add(event({ level: 'ERROR', exceptions }));
    assert.deepEqual(tally.result().errors, [
      { message: 'no such column', dataset: 'silver.orders', file: 'orders/silver.py', line: 12 },
    ]);
  });
});
