import assert from 'node:assert/strict';
import {
  allowedText,
  configProblem,
  configText,
  deletingChanges,
  inReadingOrder,
  mustBeConfigs,
  nextConfigs,
  parseConfig,
  tidyChange,
  topicNameProblem,
} from '../../../src/core/topicConfigs.ts';
import type { ConfigEntry } from '../../../src/core/topicDetails.ts';
import { TOPIC_SETTINGS } from '../../../src/core/topicSettings.ts';

const entry = (name: string, value: string | null, own = false): ConfigEntry => ({
  name,
  value,
  own,
  fallback: null,
});

describe('the settings of a topic', () => {
  it('are told apart by whether Kafka may delete messages by a change', () => {
    const entries = [
      { ...entry('retention.ms', '1000', true), fallback: '500' },
      { ...entry('retention.bytes', '-1'), fallback: '-1' },
      entry('cleanup.policy', 'delete'),
      entry('segment.ms', '1000'),
    ];
    const by = (set: Record<string, string>, unset: string[] = []) =>
      deletingChanges(entries, { set, unset });
    assert.deepEqual(by({ 'retention.ms': '999' }), ['retention.ms']);
    assert.deepEqual(by({}, ['retention.ms']), ['retention.ms']);
    assert.deepEqual(by({ 'retention.bytes': '9223372036854775807' }), ['retention.bytes']);
    assert.deepEqual(by({ 'cleanup.policy': 'compact' }), ['cleanup.policy']);
    assert.deepEqual(by({ 'cleanup.policy': 'delete, compact' }), ['cleanup.policy']);
    const harmless = { 'retention.ms': '-1', 'cleanup.policy': 'delete', 'segment.ms': '1' };
    assert.deepEqual(by(harmless), []);
  });

  it('each have a meaning, what they take, and a default that they take', () => {
    for (const [name, setting] of Object.entries(TOPIC_SETTINGS)) {
      assert.ok(setting.meaning().endsWith('.'), name);
      assert.notEqual(allowedText(setting), '', name);
      assert.equal(configProblem(name, setting.default), undefined, name);
    }
  });

  it('say their values in the largest unit that is exact', () => {
    assert.equal(configText('retention.ms', '604800000'), '604800000 ms (7 d)');
    assert.equal(configText('retention.ms', '90000'), '90000 ms (90 s)');
    assert.equal(configText('retention.ms', '1'), '1 ms');
    assert.equal(configText('retention.ms', '-1'), '-1 (no limit)');
    assert.equal(
      configText('max.compaction.lag.ms', '9223372036854775807'),
      '9223372036854775807 (no limit)',
    );
    assert.equal(configText('segment.bytes', '1073741824'), '1073741824 B (1 GiB)');
    assert.equal(configText('max.message.bytes', '1048588'), '1048588 B');
    assert.equal(configText('min.insync.replicas', '1'), '1');
    assert.equal(configText('cleanup.policy', 'compact'), 'compact');
    assert.equal(configText('not.known', ''), '(empty)');
    assert.equal(configText('not.known', null), '–');
  });

  it('are checked before the broker is asked', () => {
    const wrong = [
      ['retention.ms', '-2'],
      ['retention.ms', '7d'],
      ['retention.ms', '9223372036854775808'],
      ['retention.ms', ''],
      ['segment.bytes', '1000'],
      ['cleanup.policy', 'keep'],
      ['cleanup.policy', 'compact,,delete'],
      ['compression.type', 'rar'],
      ['min.cleanable.dirty.ratio', '1.5'],
      ['min.cleanable.dirty.ratio', '.5'],
      ['preallocate', 'yes'],
    ] as const;
    for (const [name, value] of wrong) {
      assert.throws(
        () => {
          mustBeConfigs({ [name]: value });
        },
        { code: 'bad-config' },
        `${name}=${value}`,
      );
    }
    mustBeConfigs({
      'retention.ms': '9223372036854775807',
      'cleanup.policy': 'compact, delete',
      'min.cleanable.dirty.ratio': '1',
      'only.the.broker.knows': 'anything',
    });
  });

  it('are read from name=value, and the value may hold that sign too', () => {
    assert.deepEqual(parseConfig('a.b = c=d '), ['a.b', 'c=d']);
    assert.deepEqual(parseConfig('a='), ['a', '']);
    for (const text of ['', 'retention.ms', '=7']) {
      assert.throws(() => parseConfig(text), { code: 'bad-config' }, text);
    }
  });

  it('come own first, then the usual, then the rest', () => {
    const names = ['zz.rest', 'retention.ms', 'aa.rest', 'cleanup.policy'].map((name) => entry(name, '1'));
    const own = entry('segment.ms', '1', true);
    assert.deepEqual(
      inReadingOrder([...names, own]).map(({ name }) => name),
      ['segment.ms', 'cleanup.policy', 'retention.ms', 'aa.rest', 'zz.rest'],
    );
  });
});

describe('a change of settings', () => {
  const entries = [
    entry('retention.ms', '-1', true),
    entry('cleanup.policy', 'compact', true),
    entry('segment.ms', '604800000'),
  ];

  it('names nothing twice', () => {
    const set = { 'cleanup.policy': ' compact , delete' };
    assert.deepEqual(tidyChange(entries, { set, unset: ['segment.ms', 'cleanup.policy', 'segment.ms'] }), {
      set: { 'cleanup.policy': 'compact,delete' },
      unset: ['segment.ms'],
    });
  });

  it('names what stays, because the call takes away what it does not name', () => {
    assert.deepEqual(nextConfigs('t', entries, { set: { 'segment.ms': '1000' }, unset: [] }), {
      'retention.ms': '-1',
      'cleanup.policy': 'compact',
      'segment.ms': '1000',
    });
  });

  it('replaces, and takes away what is named for that', () => {
    assert.deepEqual(
      nextConfigs('t', entries, { set: { 'retention.ms': '5' }, unset: ['cleanup.policy', 'segment.ms'] }),
      { 'retention.ms': '5' },
    );
    const set = { 'cleanup.policy': ' compact , delete' };
    assert.equal(nextConfigs('t', entries, { set, unset: [] })['cleanup.policy'], 'compact,delete');
  });

  it('is refused for what topics do not have', () => {
    assert.throws(() => nextConfigs('t', entries, { set: { retention: '1' }, unset: [] }), {
      code: 'unknown-config',
    });
    assert.throws(() => nextConfigs('t', entries, { set: {}, unset: ['toString'] }), {
      code: 'unknown-config',
    });
  });

  it('is refused where it would take away what the broker does not tell', () => {
    const secret = [...entries, entry('secret', null, true)];
    assert.throws(() => nextConfigs('t', secret, { set: { 'retention.ms': '1' }, unset: [] }), {
      code: 'untold-config',
    });
    assert.equal(nextConfigs('t', secret, { set: { secret: 'x' }, unset: [] })['secret'], 'x');
    assert.equal(nextConfigs('t', secret, { set: {}, unset: ['secret'] })['secret'], undefined);
  });
});

describe('the name of a topic', () => {
  it('is what Kafka takes', () => {
    for (const name of ['orders', 'Orders_2.new-1', '...', 'a'.repeat(249)]) {
      assert.equal(topicNameProblem(name), undefined, name);
    }
    for (const name of ['', '.', '..', 'a b', 'ação', 'a/b', 'a'.repeat(250)]) {
      assert.notEqual(topicNameProblem(name), undefined, name);
    }
  });
});
