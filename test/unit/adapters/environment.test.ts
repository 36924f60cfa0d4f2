import assert from 'node:assert/strict';
import { settingsFromEnvironment } from '../../../src/adapters/environment.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';

describe('the settings of the environment', () => {
  it('are the defaults where nothing is set', () => {
    assert.deepEqual(settingsFromEnvironment({}), DEFAULT_SETTINGS);
  });

  it('set memory, ports and Python', () => {
    const settings = settingsFromEnvironment({
      ORDERS_LAKEHOUSE_MEMORY: 'spark=1024',
      ORDERS_LAKEHOUSE_PORTS: 'kafka.broker=9092, spark.sql=10000',
      ORDERS_LAKEHOUSE_PYTHON: '/opt/python',
    });
    assert.deepEqual(settings.memoryMiB, { ...DEFAULT_SETTINGS.memoryMiB, spark: 1024 });
    assert.deepEqual(settings.pinnedPorts, { 'kafka.broker': 9092, 'spark.sql': 10_000 });
    assert.equal(settings.python, '/opt/python');
  });

  for (const [name, text] of [
    ['ORDERS_LAKEHOUSE_MEMORY', 'spark'],
    ['ORDERS_LAKEHOUSE_MEMORY', 'sparc=1024'],
    ['ORDERS_LAKEHOUSE_MEMORY', 'spark=0'],
    ['ORDERS_LAKEHOUSE_PORTS', 'kafka.broker=70000'],
    ['ORDERS_LAKEHOUSE_PORTS', 'kafka.broker=9092;x'],
  ] as const) {
    it(`refuse ${name}="${text}"`, () => {
      assert.throws(() => settingsFromEnvironment({ [name]: text }), { code: 'wrong-use' });
    });
  }
});
