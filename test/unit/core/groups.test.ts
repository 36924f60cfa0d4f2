import assert from 'node:assert/strict';
import type { UserError } from '../../../src/core/errors.ts';
import {
  activeGroup,
  isActive,
  lagOf,
  parseResetTarget,
  planReset,
  resetText,
  totalLag,
  type ConsumerGroup,
  type PartitionPosition,
  type ResetTarget,
} from '../../../src/core/groups.ts';
import type { TopicAdmin } from '../../../src/core/ports.ts';
import { applyReset, previewReset } from '../../../src/core/resetOffsets.ts';

/** Beyond 2^53, where a JavaScript number would round. */
const BIG = '9007199254740993';

describe('the lag of a group', () => {
  it('is exact beyond what a number holds', () => {
    assert.equal(lagOf(BIG, '9007199254741000'), '7');
    assert.equal(totalLag([{ lag: BIG }, { lag: '1' }]), '9007199254740994');
  });

  it('is not known where nothing is committed or the topic is gone', () => {
    assert.equal(lagOf(null, '5'), null);
    assert.equal(lagOf('5', null), null);
    assert.equal(totalLag([{ lag: null }, { lag: '3' }]), '3');
    assert.equal(totalLag([{ lag: null }]), null);
  });

  it('is never below nothing', () => {
    assert.equal(lagOf('10', '4'), '0');
  });
});

describe('the place to reset to', () => {
  it('is the beginning, the end, an offset, a time or a shift', () => {
    assert.deepEqual(parseResetTarget('beginning'), { to: 'beginning' });
    assert.deepEqual(parseResetTarget('end'), { to: 'end' });
    assert.deepEqual(parseResetTarget(`offset:${BIG}`), { to: 'offset', offset: BIG });
    assert.deepEqual(parseResetTarget('shift:-10'), { to: 'shift', by: '-10' });
    assert.deepEqual(parseResetTarget('time:2026-01-31T12:00:00Z'), {
      to: 'time',
      timestampMs: 1_769_860_800_000,
    });
  });

  it('is nothing else', () => {
    const wrong = [
      '',
      'start',
      'end:1',
      'offset',
      'offset:-1',
      'offset:1.5',
      'offset:9223372036854775808',
      'shift:',
      'shift:x',
      'time:noon',
      'time:1',
    ];
    for (const text of wrong) assert.throws(() => parseResetTarget(text), { code: 'bad-target' }, text);
  });
});

const POSITIONS: readonly PartitionPosition[] = [
  { partition: 1, committed: null, low: '0', end: '8', atTime: null },
  { partition: 0, committed: '50', low: '20', end: '100', atTime: '77' },
];
const plan = (target: ResetTarget) =>
  planReset('orders', target, POSITIONS).map(({ partition, before, after, lag }) => [
    partition,
    before,
    after,
    lag,
  ]);

describe('the preview of a reset', () => {
  it('goes to the first message or past the last', () => {
    assert.deepEqual(plan({ to: 'beginning' }), [
      [0, '50', '20', '80'],
      [1, null, '0', '8'],
    ]);
    assert.deepEqual(plan({ to: 'end' }), [
      [0, '50', '100', '0'],
      [1, null, '8', '0'],
    ]);
  });

  it('goes to the first message of a time, or past the last where none is that late', () => {
    assert.deepEqual(plan({ to: 'time', timestampMs: 1 }), [
      [0, '50', '77', '23'],
      [1, null, '8', '0'],
    ]);
  });

  it('stays within what can be read', () => {
    assert.deepEqual(
      plan({ to: 'offset', offset: '3' }).map(([, , after]) => after),
      ['20', '3'],
    );
    assert.deepEqual(
      plan({ to: 'offset', offset: BIG }).map(([, , after]) => after),
      ['100', '8'],
    );
    assert.equal(plan({ to: 'shift', by: '-31' })[0]?.[2], '20');
    assert.equal(plan({ to: 'shift', by: '51' })[0]?.[2], '100');
  });

  it('shifts what is committed, and leaves what is not', () => {
    assert.deepEqual(plan({ to: 'shift', by: '-10' }), [
      [0, '50', '40', '60'],
      [1, null, null, null],
    ]);
  });

  it('says what each row does', () => {
    const row = { topic: 'orders', partition: 0, lag: null };
    assert.equal(resetText({ ...row, before: BIG, after: '9007199254740992' }), 'reads 1 again');
    assert.equal(resetText({ ...row, before: '5', after: '9' }), 'skips 4');
    assert.equal(resetText({ ...row, before: '5', after: '5' }), 'stays');
    assert.equal(resetText({ ...row, before: null, after: '5' }), 'first offset of the group');
    assert.equal(resetText({ ...row, before: null, after: null }), 'nothing to shift from');
  });
});

describe('a reset', () => {
  const group = (state: ConsumerGroup['state']): ConsumerGroup => ({
    groupId: 'g',
    state,
    members: [{ memberId: 'm', clientId: 'reader', host: '127.0.0.1', assignment: [] }],
    partitions: [],
  });
  const admin = (state: ConsumerGroup['state'], committed: unknown[] = []): TopicAdmin =>
    ({
      group: () => Promise.resolve(group(state)),
      positions: () => Promise.resolve(POSITIONS),
      commit: (...args: unknown[]) => Promise.resolve(void committed.push(args)),
    }) as unknown as TopicAdmin;
  const request = { groupId: 'g', topic: 'orders', target: { to: 'end' } } as const;

  it('is refused while the group is active, with who reads', async () => {
    for (const state of [
      'Stable',
      'PreparingRebalance',
      'CompletingRebalance',
      'Assigning',
      'Reconciling',
    ] as const) {
      assert.ok(isActive({ state }));
      await assert.rejects(previewReset(admin(state), request), (error: UserError) => {
        assert.equal(error.code, 'group-active');
        assert.match(error.message, /reader \(127\.0\.0\.1\)/);
        return true;
      });
    }
    for (const state of ['Empty', 'Unknown'] as const) {
      assert.equal((await previewReset(admin(state), request)).length, 2);
    }
  });

  it('names no readers where none are known', () => {
    assert.doesNotMatch(activeGroup({ groupId: 'g', members: [] }).message, /:/);
  });

  it('is of one partition when that is said, and of none that is not there', async () => {
    const rows = await previewReset(admin('Empty'), { ...request, partition: 1 });
    assert.deepEqual(
      rows.map(({ partition }) => partition),
      [1],
    );
    await assert.rejects(previewReset(admin('Empty'), { ...request, partition: 7 }), {
      code: 'no-such-partition',
    });
  });

  it('has nothing to shift from where nothing is committed', async () => {
    const shift = { ...request, target: { to: 'shift', by: '1' }, partition: 1 } as const;
    await assert.rejects(previewReset(admin('Empty'), shift), { code: 'nothing-to-shift' });
  });

  it('sends what changes, and nothing else', async () => {
    const sent: unknown[] = [];
    const row = { topic: 'orders', lag: null };
    await applyReset(admin('Empty', sent), request, [
      { ...row, partition: 0, before: '5', after: '5' },
      { ...row, partition: 1, before: null, after: null },
      { ...row, partition: 2, before: '5', after: BIG },
    ]);
    await applyReset(admin('Empty', sent), request, [{ ...row, partition: 0, before: '5', after: '5' }]);
    assert.deepEqual(sent, [['g', 'orders', [{ partition: 2, offset: BIG }]]]);
  });
});
