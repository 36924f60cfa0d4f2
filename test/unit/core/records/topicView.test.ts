import assert from 'node:assert/strict';
import { parseTopicView, type TopicView } from '../../../../src/core/records/topicView.ts';

const VIEW: TopicView = {
  start: { from: 'time', timestampMs: 1_700_000_000_000 },
  end: { until: 'offset', offset: '9007199254740993' },
  filter: {
    texts: [{ pattern: '\\d+ & 50%', place: 'value', regex: true, matchCase: false }],
    partitions: [0, 3],
    time: { from: 0 },
    tombstones: 'without',
    problems: 'only',
    conditions: [{ field: { of: 'value', path: 'price' }, operator: '>=', value: '9.90' }],
  },
  order: { by: { of: 'header', path: 'origin' }, descending: true },
  fields: [{ of: 'value', path: 'customer.country' }],
  widths: { key: 120 },
};

describe('a view from outside', () => {
  it('is taken as it is when all of it makes sense', () => {
    assert.deepEqual(parseTopicView(JSON.parse(JSON.stringify(VIEW))), VIEW);
    for (const start of [{ from: 'beginning' }, { from: 'end' }, { from: 'newest', count: 10_000 }]) {
      assert.deepEqual(parseTopicView({ ...VIEW, start, order: null, filter: {} })?.start, start);
    }
  });

  it('has nothing that it was not asked for', () => {
    const more = {
      ...VIEW,
      more: 1,
      start: { from: 'end', offset: '7' },
      fields: [{ of: 'value', path: 'a', x: 1 }],
    };
    const view = parseTopicView(more);
    assert.deepEqual([view?.start, view?.fields], [{ from: 'end' }, [{ of: 'value', path: 'a' }]]);
    assert.equal(Object.hasOwn(view ?? {}, 'more'), false);
  });

  for (const [what, change] of Object.entries({
    'no object': null,
    'a list': [],
    'a place that is none': { start: { from: 'constructor' } },
    'a start without its count': { start: { from: 'newest' } },
    'a count beyond all bounds': { start: { from: 'newest', count: 1e300 } },
    'a time that no date reaches': { filter: { time: { from: 1e300 } } },
    'an offset that is no number': { end: { until: 'offset', offset: '-1' } },
    'an expression that is none': {
      filter: { texts: [{ pattern: '(', place: 'key', regex: true, matchCase: true }] },
    },
    'a field that is null': { fields: [null] },
    'fields without end': { fields: Array.from({ length: 1000 }, () => ({ of: 'value', path: 'a' })) },
    'an operator that is none': {
      filter: { conditions: [{ field: { of: 'value', path: 'a' }, operator: 'eval', value: '' }] },
    },
    'a width that is text': { widths: { key: '100px; color: red' } },
  })) {
    it(`is refused with ${what}`, () => {
      const view = change === null || Array.isArray(change) ? change : { ...VIEW, ...change };
      assert.equal(parseTopicView(view), undefined);
    });
  }
});
