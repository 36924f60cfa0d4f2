import assert from 'node:assert/strict';
import { runState } from '../../../../src/core/databricks/stateText.ts';

describe('the state of a run', () => {
  const of = (life: string, code = '', type = ''): readonly string[] => {
    const { kind, text } = runState({ life, code, type, message: '' });
    return [kind, text];
  };

  it('is told by how it ended', () => {
    assert.deepEqual(of('TERMINATED', 'SUCCESS', 'SUCCESS'), ['good', 'succeeded']);
    assert.deepEqual(of('TERMINATED', 'RUN_EXECUTION_ERROR', 'CLIENT_ERROR'), ['failed', 'failed']);
    assert.deepEqual(of('INTERNAL_ERROR', 'FAILED', 'CLIENT_ERROR'), ['failed', 'failed']);
  });

  it('is no success when somebody cancelled it, though the workspace finds nothing wrong with it', () => {
    assert.deepEqual(of('TERMINATED', 'USER_CANCELED', 'SUCCESS'), ['cancelled', 'cancelled']);
    assert.deepEqual(of('TERMINATED', 'CANCELED', 'CLIENT_ERROR'), ['cancelled', 'cancelled']);
  });

  it('is told while it goes on', () => {
    assert.deepEqual(of('RUNNING'), ['running', 'running']);
    assert.deepEqual(of('TERMINATING', 'USER_CANCELED', 'SUCCESS'), ['running', 'ending']);
    assert.deepEqual(of('QUEUED'), ['waiting', 'queued']);
  });
});
