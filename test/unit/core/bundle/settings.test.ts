/** Settings field by field: what changed here, what changed there, and what a server adds. */
import assert from 'node:assert/strict';
import { appliedOf, changesOf } from '../../../../src/core/bundle/settings.ts';
import type { JsonObject } from '../../../../src/core/databricks/ports.ts';

describe('settings against what is there', () => {
  const hash = (value: string): string => `#${value}`;
  const changes = (wanted: JsonObject, there: JsonObject, last: JsonObject = wanted) =>
    changesOf(wanted, there, appliedOf(last, hash), hash);
  const task = (more: JsonObject): JsonObject => ({ tasks: [{ task_key: 'a', ...more }] });

  it('passes over what a server adds, and over numbers that come as text', () => {
    const wanted = { name: 'x', configuration: { 'a.b': '1' }, ...task({ max_retries: 2 }) };
    const there = {
      name: 'x',
      format: 'MULTI_TASK',
      email_notifications: {},
      configuration: { 'a.b': '1' },
      tasks: [{ task_key: 'a', max_retries: '2', run_if: 'ALL_SUCCESS' }],
    };
    assert.deepEqual(changes(wanted, there), []);
  });

  it('passes over what an answer leaves out because it means nothing, once it was deployed so', () => {
    const wanted = { continuous: false, emails: [], description: '', ...task({ full_refresh: false }) };
    assert.deepEqual(changes(wanted, task({})), []);
    assert.deepEqual(changes({ continuous: false }, {}, {}), [
      { path: 'continuous', after: false, drift: false },
    ]);
  });

  it('tells also what goes whose name begins as that of another change', () => {
    assert.deepEqual(
      changes({ storage: 'a' }, { storage: 'b', storage_root: 'c' }, { storage: 'b', storage_root: 'c' }),
      [
        { path: 'storage', before: 'b', after: 'a', drift: false },
        { path: 'storage_root', before: 'c', drift: false },
      ],
    );
  });

  it('tells what changed here', () => {
    assert.deepEqual(changes(task({ max_retries: 5 }), task({ max_retries: 2 }), task({ max_retries: 2 })), [
      { path: 'tasks[a].max_retries', before: 2, after: 5, drift: false },
    ]);
    assert.deepEqual(changes({ a: [1, 2] }, { a: [1] }, { a: [1] }), [
      { path: 'a', before: [1], after: [1, 2], drift: false },
    ]);
    assert.deepEqual(changes({ a: { b: 1 } }, {}, {}), [{ path: 'a.b', after: 1, drift: false }]);
  });

  it('tells what changed there as the doing of somebody else', () => {
    assert.deepEqual(changes(task({ max_retries: 2 }), task({ max_retries: 9 })), [
      { path: 'tasks[a].max_retries', before: 9, after: 2, drift: true },
    ]);
    assert.deepEqual(changes({ schedule: { cron: 'x' } }, {}), [
      { path: 'schedule.cron', after: 'x', drift: true },
    ]);
  });

  it('takes away what was deployed once and is no longer said', () => {
    assert.deepEqual(
      changes({ name: 'x' }, { name: 'x', description: 'y' }, { name: 'x', description: 'y' }),
      [{ path: 'description', before: 'y', drift: false }],
    );
    assert.deepEqual(changes({ name: 'x' }, { name: 'x' }, { name: 'x', description: 'y' }), []);
  });

  it('takes away what somebody put into a list or a map of the bundle', () => {
    const extra = { tasks: [{ task_key: 'a' }, { task_key: 'b', timeout_seconds: 1 }] };
    assert.deepEqual(changes(task({}), extra), [
      { path: 'tasks[b]', before: { task_key: 'b', timeout_seconds: 1 }, drift: true },
    ]);
    assert.deepEqual(changes(task({}), extra, extra), [
      { path: 'tasks[b]', before: { task_key: 'b', timeout_seconds: 1 }, drift: false },
    ]);
    assert.deepEqual(changes({ configuration: { a: '1' } }, { configuration: { a: '1', 'x.y': '2' } }), [
      { path: 'configuration["x.y"]', before: '2', drift: true },
    ]);
  });

  it('keeps no value of a setting', () => {
    const applied = appliedOf({ configuration: { a: 'secret' } }, () => 'h');
    assert.deepEqual(applied, { 'configuration.a': 'h' });
  });
});
