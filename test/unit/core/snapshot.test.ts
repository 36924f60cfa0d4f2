import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import { isSafeEntry, parseManifest } from '../../../src/core/snapshot.ts';

const MANIFEST = {
  format: 1,
  created: '2026-01-15T12:00:00.000Z',
  product: '0.1.0',
  runtime: 'embedded',
  versions: { kafka: '4.4.0' },
  warehouse: '/home/data/warehouse',
  bytes: 12,
};
const code = (error: unknown): string => (error instanceof UserError ? error.code : String(error));
const refusal = (manifest: unknown, known = {}): string => {
  try {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    parseManifest(text, 'a file', known);
    return 'taken';
  } catch (error) {
    return code(error);
  }
};

describe('the manifest of a snapshot', () => {
  it('is taken when every part is as new as here, or older', () => {
    assert.deepEqual(parseManifest(JSON.stringify(MANIFEST), 'a file', { kafka: '4.4.0' }), MANIFEST);
    assert.equal(refusal(MANIFEST, { kafka: '4.10.0' }), 'taken');
  });

  it('is refused when a part, or the format, is newer than here', () => {
    assert.equal(refusal(MANIFEST, { kafka: '4.3.9' }), 'newer-snapshot');
    assert.equal(refusal({ ...MANIFEST, format: 2 }), 'newer-snapshot');
    assert.equal(refusal({ format: 2 }), 'newer-snapshot');
  });

  it('is refused when it is none', () => {
    for (const other of [
      '',
      'null',
      '[]',
      '{}',
      '{"format": "1"}',
      { ...MANIFEST, warehouse: undefined },
      { ...MANIFEST, versions: { kafka: 4 } },
    ])
      assert.equal(refusal(other), 'not-a-snapshot', JSON.stringify(other));
  });
});

describe('the entries of a snapshot', () => {
  it('stay in the folders of the data', () => {
    for (const name of [
      'kafka/log/orders-0/00000000000000000000.log',
      'events/pipeline.jsonl',
      'last-run.json',
    ])
      assert.ok(isSafeEntry(name, 'file'), name);
    assert.ok(isSafeEntry('metastore/tmp/', 'directory'));
    for (const name of [
      '../outside',
      '/etc/passwd',
      'kafka/../../outside',
      'kafka//outside',
      'kafka/./x',
      'kafka\\..\\outside',
      'run/sandbox.json',
      'last-run.json/x',
      '',
    ])
      assert.ok(!isSafeEntry(name, 'file'), name);
  });

  it('are files and folders only', () => {
    for (const type of ['symlink', 'link', 'character-device', 'fifo'])
      assert.ok(!isSafeEntry('kafka/x', type), type);
  });
});
