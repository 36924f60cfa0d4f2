import assert from 'node:assert/strict';
import { parseReadStart } from '../../../src/core/readTopic.ts';

describe('the place to read from', () => {
  it('is the beginning, the end, an offset or a time', () => {
    assert.deepEqual(parseReadStart('beginning'), { from: 'beginning' });
    assert.deepEqual(parseReadStart('end'), { from: 'end' });
    assert.deepEqual(parseReadStart('offset:9007199254740993'), {
      from: 'offset',
      offset: '9007199254740993',
    });
    assert.deepEqual(parseReadStart('time:2026-01-31T12:00:00Z'), {
      from: 'time',
      timestampMs: 1_769_860_800_000,
    });
  });

  it('is nothing else', () => {
    for (const text of ['', 'start', 'offset:', 'offset:-1', 'offset:x', 'time:', 'time:noon', 'end:1']) {
      assert.throws(() => parseReadStart(text), { code: 'bad-start' }, text);
    }
  });
});
