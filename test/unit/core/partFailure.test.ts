import assert from 'node:assert/strict';
import { isUserError, UserError } from '../../../src/core/errors.ts';
import { partFailure } from '../../../src/core/partFailure.ts';
import type { PartStatus, SandboxStatus } from '../../../src/core/sandbox.ts';

const sandbox = (kafka: Partial<PartStatus>, spark: Partial<PartStatus> = {}): SandboxStatus => ({
  home: '/home',
  runtime: 'docker',
  state: 'degraded',
  parts: [
    { name: 'kafka', state: 'failed', ports: {}, restarts: 5, ...kafka },
    { name: 'spark', state: 'running', ports: {}, restarts: 0, ...spark },
  ],
});
const gone = new UserError('not-acknowledged', 'no answer');

describe('the failure of a client', () => {
  it('is the full disk of its part, with what to do, when the sandbox knows of that', async () => {
    const now = sandbox({ problem: 'disk-full' });
    const found = await partFailure(gone, 'kafka', () => Promise.resolve(now));
    assert.ok(isUserError(found));
    assert.equal(found.code, 'disk-full');
    assert.match(found.message, /kafka/);
    assert.match(found.hint ?? '', /room.*up/);
    assert.equal(found.cause, gone);
  });

  it('stays what it is when that is another part, or no failure of a part', async () => {
    const now = sandbox({}, { problem: 'disk-full' });
    assert.equal(await partFailure(gone, 'kafka', () => Promise.resolve(now)), gone);
    const fault = new Error('x');
    assert.equal(await partFailure(fault, 'kafka', () => Promise.resolve(sandbox({}))), fault);
  });
});
