import assert from 'node:assert/strict';
import { classPath, javaOptions, property } from '../../../../src/adapters/embedded/parts/java.ts';
import { serverProperties } from '../../../../src/adapters/embedded/parts/kafka.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the settings of the parts', () => {
  it('are written so that Java reads them as they are', () => {
    assert.equal(property('log.dirs', '/home/Zé da Silva/a'), 'log.dirs=/home/Z\\u00e9 da Silva/a');
    assert.equal(property('x', '\\'), 'x=\\\\');
  });

  it('keep Kafka on the loopback address, its metadata apart, and every message', () => {
    const lines = serverProperties('/d', 1111, 2222).split('\n');
    assert.ok(lines.includes('listeners=PLAINTEXT://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222'));
    assert.ok(lines.includes('log.dirs=/d/log'));
    assert.ok(lines.includes('metadata.log.dir=/d/metadata'));
    assert.ok(lines.includes('log.retention.ms=-1'));
  });

  it('give Java only what its version knows', () => {
    const options = (major: number) =>
      javaOptions({ java: 'java', home: '', major }, 256, { made: '/a', kept: '/b' }).filter((one) =>
        one.startsWith('--'),
      );
    assert.deepEqual(options(21), []);
    assert.equal(options(25).length, 2);
  });

  it('list jars in one order', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-jars-'));
    for (const name of ['b.jar', 'a.jar', 'c.txt']) writeFileSync(join(folder, name), '');
    assert.equal(classPath('/first.jar', folder), `/first.jar:${folder}/a.jar:${folder}/b.jar`);
    rmSync(folder, { recursive: true });
  });
});
