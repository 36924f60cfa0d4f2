import assert from 'node:assert/strict';
import { createLogReader, type LogLine } from '../../../src/core/logLines.ts';
import { createLogModel, matchesIn, patternOf, type LogModel } from '../../../src/webviews/logModel.ts';

const read = (texts: readonly string[]): LogLine[] => texts.map(createLogReader());
const at = (second: number): string => `2026-11-24 13:32:${String(second).padStart(2, '0')},000`;
const shown = (model: LogModel): (string | undefined)[] =>
  Array.from({ length: model.shown }, (_, index) => model.row(index)?.text.replace(/^.*,000 /, ''));

const LOG = [
  `${at(1)} INFO begins`,
  `${at(2)} ERROR broke`,
  'java.lang.IllegalStateException: no way',
  '\tat one.Thing.run(Thing.java:1)',
  `${at(3)} WARN careful`,
  `${at(4)} ERROR broke again`,
];
const TRACE = ['java.lang.IllegalStateException: no way', '\tat one.Thing.run(Thing.java:1)'];

describe('the lines a log page keeps', () => {
  it('are filtered by level, a trace with its error', () => {
    const model = createLogModel();
    model.append(read(LOG));
    assert.equal(model.errors, 2);
    model.setFilter({ level: 'error' });
    assert.deepEqual(shown(model), ['ERROR broke', ...TRACE, 'ERROR broke again']);
    model.setFilter({ level: 'warning' });
    assert.deepEqual(shown(model), ['ERROR broke', ...TRACE, 'WARN careful', 'ERROR broke again']);
  });

  it('are filtered by text and level together, a record whole when one of its lines matches', () => {
    const model = createLogModel();
    model.append(read(LOG));
    model.setFilter({ level: 'error', pattern: patternOf('thing.java', false) ?? /$/g });
    assert.deepEqual(shown(model), ['ERROR broke', ...TRACE]);
    model.setFilter({ level: 'all', pattern: patternOf('^.*(begins|careful)$', true) ?? /$/g });
    assert.deepEqual(shown(model), ['INFO begins', 'WARN careful']);
  });

  it('are the same however they came', () => {
    const pattern = patternOf('thing', false) ?? /$/g;
    const whole = createLogModel();
    whole.append(read(LOG));
    whole.setFilter({ level: 'all', pattern });
    const bits = createLogModel();
    bits.setFilter({ level: 'all', pattern });
    const changes = read(LOG).map((line) => bits.append([line]));
    assert.deepEqual(shown(bits), shown(whole));
    assert.equal(
      changes.reduce((sum, { added }) => sum + added, 0),
      3,
    );
  });

  it('are the newest, and how many were dropped is known', () => {
    const model = createLogModel(100, 10);
    const total = 1000;
    let rows = 0;
    for (let start = 0; start < total; start += 25) {
      const batch = Array.from({ length: 25 }, (_, index) => `${at(0)} INFO ${start + index}`);
      const { removed, added } = model.append(read(batch));
      rows += added - removed;
      assert.equal(rows, model.shown);
    }
    assert.equal(model.dropped + model.kept, total);
    assert.ok(model.kept >= 100 && model.kept <= 110);
    assert.equal(shown(model).at(-1), 'INFO 999');
    assert.equal(shown(model)[0], `INFO ${model.dropped}`);
  });

  it('never begin in the middle of a trace, and count only the errors that are kept', () => {
    const model = createLogModel(10, 2);
    const record = [`${at(0)} ERROR x`, '\tat a.b(c)', '\tat d.e(f)', '\tat g.h(i)'];
    const reader = createLogReader();
    for (let index = 0; index < 50; index++) model.append(record.map(reader));
    assert.match(model.row(0)?.text ?? '', /ERROR/);
    assert.equal(model.errors, model.kept / 4);
  });
});

describe('the pattern of a filter', () => {
  it('takes text as it stands, in any case', () => {
    assert.deepEqual(matchesIn('A.b and a.B, not axb', patternOf('a.b', false) ?? undefined), [
      [0, 3],
      [8, 11],
    ]);
  });
  it('is nothing without text, and refused when it is no regular expression', () => {
    assert.equal(patternOf('', true), undefined);
    assert.equal(patternOf('(', true), null);
    assert.deepEqual(matchesIn('abc', patternOf('x*', true) ?? undefined), []);
  });
});
