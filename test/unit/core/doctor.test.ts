import assert from 'node:assert/strict';
import { bySeverity, dueMends, findingsText, type Finding } from '../../../src/core/doctor.ts';

const finding = (id: string, status: Finding['status'], more: Partial<Finding> = {}): Finding => ({
  id,
  status,
  title: id.toUpperCase(),
  evidence: `seen ${id}`,
  ...more,
});
const mend = (id: 'leftovers' | 'cache') => ({ mend: { kind: 'mend', id, label: 'Do' } }) as const;

describe('findings', () => {
  it('stand with problems first, each in the order of the checks', () => {
    const all = [
      finding('a', 'ok'),
      finding('b', 'warning'),
      finding('c', 'problem'),
      finding('d', 'warning'),
    ];
    assert.deepEqual(
      bySeverity(all).map(({ id }) => id),
      ['c', 'b', 'd', 'a'],
    );
  });

  it('are mended unasked only where they stand in the way, and each once', () => {
    const all = [
      finding('a', 'warning', mend('leftovers')),
      finding('b', 'problem', mend('leftovers')),
      finding('c', 'ok', mend('cache')),
      finding('d', 'problem', { mend: { kind: 'setting', name: 'ports', label: 'Set' } }),
    ];
    assert.deepEqual(dueMends(all), ['leftovers']);
  });

  it('are text that names the command for what can be mended', () => {
    const text = findingsText([
      finding('a', 'problem', { fix: 'Fix it.', ...mend('leftovers') }),
      finding('b', 'ok'),
    ]);
    assert.equal(
      text,
      [
        '✗ A: seen a',
        '    → Fix it.',
        '    → Do it: orders-lakehouse doctor --mend leftovers',
        '✓ B: seen b',
      ].join('\n'),
    );
  });
});
