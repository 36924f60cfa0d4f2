import assert from 'node:assert/strict';
import type { JsonObject, PipelineEvent } from '../../../../src/core/databricks/ports.ts';
import { foldUpdate } from '../../../../src/core/databricks/updateReport.ts';

let events = 0;
const progress = (flow: string, flow_progress: JsonObject, level = 'INFO'): PipelineEvent => ({
  id: `e${++events}`,
  timestamp: '2026-05-01T10:00:00.000Z',
  level,
  type: 'flow_progress',
  message: `Flow '${flow}' did something.`,
  updateId: 'u',
  dataset: flow,
  flow,
  details: { flow_progress },
  exceptions: [],
});
/** As the documentation of the event log shows it. */
const counted = (name: string, passed: number | string, failed: number): JsonObject => ({
  data_quality: {
    dropped_records: failed,
    expectations: [{ name, dataset: 'main.silver.orders', passed_records: passed, failed_records: failed }],
  },
  metrics: { num_output_rows: 5 },
  status: 'RUNNING',
});

describe('the report of an update', () => {
  it('adds up what each batch counted', () => {
    const folding = foldUpdate();
    folding.add([
      progress('main.silver.orders', { status: 'QUEUED' }),
      progress('main.silver.orders', counted('positive_price', 8, 2)),
      progress('main.silver.orders', counted('positive_price', 100, 0), 'METRICS'),
      progress('main.silver.orders', { status: 'COMPLETED' }),
    ]);
    const { flows, rules, lines } = folding.report();
    assert.deepEqual(rules, [
      { name: 'positive_price', dataset: 'main.silver.orders', passed_records: 108, failed_records: 2 },
    ]);
    assert.deepEqual(flows, [
      { name: 'main.silver.orders', dataset: 'main.silver.orders', state: 'COMPLETED', rows: 10 },
    ]);
    assert.equal(lines.length, 3);
  });

  it('counts no event twice', () => {
    const folding = foldUpdate();
    const one = progress('t', counted('rule', 3, 1));
    folding.add([one]);
    folding.add([one]);
    assert.deepEqual(
      folding.report().rules.map(({ passed_records, failed_records }) => [passed_records, failed_records]),
      [[3, 1]],
    );
    assert.equal(folding.report().lines.length, 1);
  });

  it('keeps rules of one name in two tables apart, and takes counts as text', () => {
    const folding = foldUpdate();
    folding.add([
      progress('a', counted('rule', '12', 0)),
      progress('b', {
        data_quality: {
          expectations: [{ name: 'rule', dataset: 'b', passed_records: 1, failed_records: 0 }],
        },
      }),
    ]);
    assert.deepEqual(
      folding.report().rules.map(({ dataset, passed_records }) => [dataset, passed_records]),
      [
        ['main.silver.orders', 12],
        ['b', 1],
      ],
    );
  });

  it('says what failed, the innermost last', () => {
    const folding = foldUpdate();
    folding.add([
      {
        ...progress('a', { status: 'FAILED' }, 'ERROR'),
        exceptions: [
          { className: 'org.apache.spark.SparkException', message: 'Job aborted.' },
          { className: 'java.lang.ArithmeticException', message: '' },
        ],
      },
    ]);
    assert.deepEqual(folding.report().lines[0]?.causes, ['Job aborted.', 'java.lang.ArithmeticException']);
  });

  it('is not broken by details of another form', () => {
    const folding = foldUpdate();
    folding.add([progress('a', { data_quality: { expectations: 'none' }, metrics: null, status: 7 })]);
    assert.deepEqual(folding.report().flows, [{ name: 'a', dataset: 'a', state: '' }]);
  });
});
