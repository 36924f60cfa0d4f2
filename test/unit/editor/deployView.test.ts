import assert from 'node:assert/strict';
import type { PlanAction } from '../../../src/core/bundle/plan.ts';
import { isAgreed, isRestOf, planView } from '../../../src/editor/deployView.ts';
import { action, change, planOf } from '../../pages/support/deploying.ts';

const text = (length: number): string => 'x'.repeat(length);

describe('a plan as its page shows it', () => {
  it('groups what changes by type, files last, and leaves folders out', () => {
    const view = planView(
      planOf([
        action('create', 'folder', 'f'),
        action('create', 'file', 'a.py'),
        action('same', 'file', 'b.py'),
        action('same', 'schema', 'bronze'),
        action('create', 'schema', 'gold'),
        action('update', 'job', 'orders'),
      ]),
      7,
    );
    assert.deepEqual(
      view.groups.map(({ type, counts, actions }) => [type, counts, actions.map(({ id }) => id)]),
      [
        ['schema', { create: 1, update: 0, delete: 0, release: 0, same: 1 }, ['schema/gold']],
        ['job', { create: 0, update: 1, delete: 0, release: 0, same: 0 }, ['job/orders']],
        ['file', { create: 1, update: 0, delete: 0, release: 0, same: 1 }, ['file/a.py']],
      ],
    );
    assert.deepEqual(
      view.same.map(({ id }) => id),
      ['file/b.py', 'schema/bronze'],
    );
    assert.equal(view.number, 7);
    assert.equal(view.isEmpty, false);
  });

  it('keeps apart what nothing brings back: of pipelines and jobs, not of files', () => {
    const view = planView(
      planOf([
        action('delete', 'file', 'old.py'),
        action('delete', 'pipeline', 'returns', { name: 'Returns', loses: 'its tables' }),
        action('delete', 'job', 'nightly'),
      ]),
      1,
    );
    assert.deepEqual(
      view.deletions.map(({ id, consent, loses }) => [id, consent, loses]),
      [
        ['pipeline/returns', 'name', 'its tables'],
        ['job/nightly', 'tick', null],
      ],
    );
    assert.deepEqual(
      view.groups.flatMap(({ actions }) => actions.map(({ id, kind }) => [id, kind])),
      [['file/old.py', 'delete']],
    );
  });

  it('writes values as a person reads them, and tells nothing from something', () => {
    const [row] =
      planView(
        planOf([
          action('update', 'pipeline', 'orders', {
            changes: [
              change('name', 'old', 'new'),
              change('retries', 1, undefined),
              change('tags', undefined, { team: 'shop' }),
              change('notes', [text(50), text(50)], '', true),
              change('empty', null, false),
            ],
          }),
        ]),
        1,
      ).groups[0]?.actions ?? [];
    assert.deepEqual(row?.changes, [
      { path: 'name', before: 'old', after: 'new', drift: false },
      { path: 'retries', before: '1', after: null, drift: false },
      { path: 'tags', before: null, after: '{"team":"shop"}', drift: false },
      { path: 'notes', before: `[\n  "${text(50)}",\n  "${text(50)}"\n]`, after: '', drift: true },
      { path: 'empty', before: 'null', after: 'false', drift: false },
    ]);
    assert.equal(row.drift, true);
  });

  it('offers a diff for a file that is another there, and for no other', () => {
    const view = planView(
      planOf([
        action('create', 'file', 'new.py'),
        action('update', 'file', 'a.py', { changes: [change('content', undefined, undefined, true)] }),
        action('update', 'job', 'orders'),
      ]),
      1,
    );
    const rows = view.groups.flatMap(({ actions }) => actions);
    assert.deepEqual(
      rows.map(({ id, hasDiff, drift, changes }) => [id, hasDiff, drift, changes.length]),
      [
        ['job/orders', false, false, 0],
        ['file/new.py', false, false, 0],
        ['file/a.py', true, true, 0],
      ],
    );
    assert.equal(view.overwritten, 1);
  });
});

describe('what must be agreed to', () => {
  const plan = planOf([
    action('delete', 'pipeline', 'returns', { name: 'Returns' }),
    action('delete', 'job', 'nightly'),
    action('delete', 'file', 'old.py'),
  ]);

  it('is each deletion, a pipeline by its very name', () => {
    assert.equal(isAgreed(plan, {}), false);
    assert.equal(isAgreed(plan, { 'job/nightly': true }), false);
    assert.equal(isAgreed(plan, { 'job/nightly': true, 'pipeline/returns': true }), false);
    assert.equal(isAgreed(plan, { 'job/nightly': true, 'pipeline/returns': 'returns' }), false);
    assert.equal(isAgreed(plan, { 'job/nightly': true, 'pipeline/returns': 'Returns' }), true);
    assert.equal(isAgreed(planOf([action('create', 'job', 'a')]), {}), true);
  });
});

describe('the rest of a plan', () => {
  const first = action('create', 'schema', 'gold');
  const second = action('update', 'job', 'orders');
  const third = action('delete', 'job', 'nightly');
  const whole = planOf([first, second, third]);
  const rest = (...actions: readonly PlanAction[]): boolean => isRestOf(planOf(actions), whole);
  const same = (one: PlanAction): PlanAction => ({ ...one, kind: 'same', changes: [] });

  it('is what of it was not done', () => {
    assert.ok(rest(same(first), second, third));
    assert.ok(rest(same(first), same(second)));
    // Created by a request whose answer was lost, and not yet all that it shall be.
    assert.ok(rest({ ...first, kind: 'update' }, second, third));
  });

  it('is not what nobody agreed to', () => {
    assert.ok(!rest(first, action('create', 'job', 'another')));
    assert.ok(!rest({ ...second, kind: 'delete' }));
    assert.ok(!rest({ ...second, changes: [change('name', 'a', 'b', true)] }));
    assert.ok(!rest({ ...first, overwrites: true }));
    assert.ok(!isRestOf({ ...whole, target: 'prod' }, whole));
    assert.ok(!isRestOf({ ...whole, host: 'https://other' }, whole));
    assert.ok(!isRestOf(whole, planOf([same(first), second, third])));
  });
});
