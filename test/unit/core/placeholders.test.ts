import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exactNumber } from '../../../src/core/outgoing.ts';
import { escapePlaceholders, fillPlaceholders, type Filling } from '../../../src/core/placeholders.ts';

const filling = (random = 0): Filling => ({
  seq: 7,
  nowMs: Date.UTC(2026, 0, 31, 12, 0, 0, 5),
  uuid: () => 'u-u-i-d',
  random: () => random,
});
const filled = (document: unknown, random?: number): unknown => {
  const { document: made, findings } = fillPlaceholders(document, filling(random));
  assert.deepEqual(findings, []);
  return made;
};

describe('placeholders', () => {
  it('are filled in texts, wherever these stand', () => {
    assert.deepEqual(
      filled({ a: ['${uuid}', { b: 'id-${seq}-${today}' }], n: 1, exact: exactNumber('1.10') }),
      {
        a: ['u-u-i-d', { b: 'id-7-2026-01-31' }],
        n: 1,
        exact: exactNumber('1.10'),
      },
    );
    assert.equal(filled('${now}'), '2026-01-31T12:00:00.005Z');
  });

  it('become a number where one is the whole text', () => {
    assert.deepEqual(filled(['${seq}', '${int:-2..3}', '${int:5..5} items']), [7, -2, '5 items']);
    assert.equal(filled('${int:1..10}', 0.999_999), 10);
  });

  it('pick one of what they name', () => {
    assert.equal(filled('${pick:a|b c|d}', 0), 'a');
    assert.equal(filled('${pick:a|b c|d}', 0.5), 'b c');
    assert.equal(filled('${pick:a|b c|}', 0.9), '');
  });

  it('that are unknown are found with their place, and names of fields are left alone', () => {
    const { findings } = fillPlaceholders({ '${seq}': ['${nwo}', 'x ${int:3..1}'] }, filling());
    assert.deepEqual(
      findings.map(({ path }) => path),
      [
        ['${seq}', 0],
        ['${seq}', 1],
      ],
    );
    assert.match(findings[0]?.reason ?? '', /\$\{nwo\} is no placeholder.*\$\{now\}/);
  });

  it('are escaped by a second dollar, so that any text can be sent as it is', () => {
    assert.equal(filled('$${seq} costs $5'), '${seq} costs $5');
    const text = fc.stringMatching(/^([$a{}]|\$\{seq\})*$/);
    fc.assert(
      fc.property(text, (one) => {
        assert.equal(filled(escapePlaceholders(one)), one);
      }),
    );
  });
});
