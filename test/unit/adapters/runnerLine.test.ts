import assert from 'node:assert/strict';
import { isUserError } from '../../../src/core/errors.ts';
import { parseRunnerLine } from '../../../src/adapters/runnerLine.ts';

describe("a line of the runner's output", () => {
  it('is an event of the pipeline', () => {
    assert.deepEqual(
      parseRunnerLine('{"event":"dataset","dataset":"silver.orders","state":"completed","rows":7}'),
      {
        kind: 'event',
        event: { type: 'dataset', dataset: 'silver.orders', state: 'completed', rows: 7 },
      },
    );
  });

  it("is an error of the person's own file, with its place", () => {
    const line = parseRunnerLine(
      '{"event":"error","kind":"user","code":"pipeline-broken","message":"no such column","file":"transformations/gold.py","line":12}',
    );
    assert.ok(line?.kind === 'error' && isUserError(line.error));
    assert.equal(line.error.code, 'pipeline-broken');
    assert.equal(line.error.message, 'transformations/gold.py:12: no such column');
  });

  it('is a fault when the runner says so', () => {
    const line = parseRunnerLine(
      '{"event":"error","kind":"fault","code":"counts-missing","message":"none came"}',
    );
    assert.ok(line?.kind === 'error' && !isUserError(line.error));
  });

  it('is passed over when a library printed it', () => {
    assert.equal(parseRunnerLine('Setting default log level to WARN'), undefined);
    assert.equal(parseRunnerLine('{"event":"debug","message":"x"}'), undefined);
  });
});
