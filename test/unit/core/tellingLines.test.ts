import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tellingLines } from '../../../src/core/tellingLines.ts';

/** Logs of real starts that failed; stack frames beyond two and what is wider than 320 characters are cut. */
const fixture = (name: string): string[] =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'logs', `${name}.log`), 'utf8').split('\n');

const telling = (name: string): readonly string[] => {
  const lines = tellingLines(fixture(name));
  assert.ok(lines.length <= 10);
  assert.ok(!lines.some((line) => /^\s*at /.test(line)), lines.join('\n'));
  return lines;
};

describe('the telling lines of a log', () => {
  it('name the setting that does not fit what lies on the disk', () => {
    const lines = telling('kafka-meta-broken');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /ERROR Exiting Kafka due to fatal exception/);
    assert.match(lines[1] ?? '', /Stored node id 77 doesn't match previous node id 1/);
  });

  it('go from the first error to what it came from, once', () => {
    const lines = telling('spark-meta-broken');
    assert.match(lines[0] ?? '', /ERROR Failed initialising database/);
    const root = "Caused by: ERROR XCY03: Required property 'derby.serviceProtocol' has not been set.";
    assert.equal(lines.filter((line) => line === root).length, 1);
  });

  it('hold the last error with its causes too, for it may tell more than the first', () => {
    const lines = telling('registry-broken');
    assert.match(lines[0] ?? '', /IO Exception: ".*registry\.mv\.db"/);
    assert.ok(lines.some((line) => /Failed to start quarkus/.test(line)));
    assert.ok(
      lines.some((line) => /Caused by: org\.h2\.mvstore\.MVStoreException: Reading from file/.test(line)),
    );
    assert.ok(lines.includes('Caused by: java.io.EOFException'));
  });

  it('are those of the JVM when it did not even begin', () => {
    assert.deepEqual(telling('jvm-broken'), [
      'Error occurred during initialization of VM',
      'Initial heap size set to a larger value than the maximum heap size',
    ]);
  });

  it('name what ends programs, at whatever level it is told', () => {
    const noise = Array.from(
      { length: 50 },
      (_, index) => `2026-11-24 13:00:00,000 INFO step ${index} (Kafka)`,
    );
    for (const cause of [
      'java.net.BindException: Address already in use',
      'java.lang.OutOfMemoryError: Java heap space',
      'java.io.IOException: No space left on device',
    ]) {
      const lines = tellingLines([
        ...noise,
        '2026-11-24 13:00:01,000 WARN oh (Kafka)',
        cause,
        '\tat a.b(C.java:1)',
        ...noise,
      ]);
      assert.deepEqual(lines, [cause]);
    }
  });

  it('are the last ten without any of these', () => {
    const log = Array.from(
      { length: 30 },
      (_, index) => `2026-11-24 13:00:00,000 INFO step ${index} (Kafka)`,
    );
    assert.deepEqual(tellingLines([...log, '']), log.slice(-10));
    assert.deepEqual(tellingLines([]), []);
  });
});
