import assert from 'node:assert/strict';
import { ConfigSource } from 'kafkajs';
import { configEntry } from '../../../src/adapters/kafkaConfigs.ts';

const { TOPIC_CONFIG, STATIC_BROKER_CONFIG, DEFAULT_CONFIG } = ConfigSource;

const told = (
  configName: string,
  configValue: string,
  synonyms: readonly (readonly [name: string, value: string, source: ConfigSource])[],
) => {
  const configSynonyms = synonyms.map(([name, value, source]) => ({
    configName: name,
    configValue: value,
    configSource: source,
  }));
  const configSource = configSynonyms[0]?.configSource ?? DEFAULT_CONFIG;
  return configEntry({
    configName,
    configValue,
    configSource,
    configSynonyms,
    isDefault: configSource === DEFAULT_CONFIG,
    isSensitive: false,
    readOnly: false,
  });
};

describe('a setting as the broker tells it', () => {
  it('is of the topic or not, and has what would hold without it', () => {
    assert.deepEqual(
      told('max.message.bytes', '5', [
        ['max.message.bytes', '5', TOPIC_CONFIG],
        ['message.max.bytes', '10485760', STATIC_BROKER_CONFIG],
        ['message.max.bytes', '1048588', DEFAULT_CONFIG],
      ]),
      { name: 'max.message.bytes', value: '5', own: true, fallback: '10485760' },
    );
    assert.deepEqual(told('max.message.bytes', '7', [['message.max.bytes', '7', STATIC_BROKER_CONFIG]]), {
      name: 'max.message.bytes',
      value: '7',
      own: false,
      fallback: '7',
    });
  });

  it('has hours and minutes of the broker in its own milliseconds', () => {
    const own = ['retention.ms', '1', TOPIC_CONFIG] as const;
    const hours = ['log.retention.hours', '168', DEFAULT_CONFIG] as const;
    const minutes = ['log.retention.minutes', '90', STATIC_BROKER_CONFIG] as const;
    assert.equal(told('retention.ms', '1', [own, hours]).fallback, '604800000');
    assert.equal(told('retention.ms', '1', [own, minutes, hours]).fallback, '5400000');
  });

  it('has the default of Kafka where the broker names none, and none where we know none', () => {
    assert.equal(told('segment.ms', '1', [['segment.ms', '1', TOPIC_CONFIG]]).fallback, '604800000');
    assert.equal(told('x', '1', [['x', '1', TOPIC_CONFIG]]).fallback, null);
  });
});
