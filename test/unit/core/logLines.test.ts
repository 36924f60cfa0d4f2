import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogReader, type LogLine } from '../../../src/core/logLines.ts';

const read = (text: string): LogLine[] => text.split('\n').map(createLogReader());
const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'logs', name), 'utf8').trimEnd();
const brief = ({ level, time, text, at, continues }: LogLine): unknown[] => [
  level,
  continues ? '…' : time,
  text.slice(at, at + 24),
];

describe('the lines of a log', () => {
  it('of each program have their level, their time and their message', () => {
    const lines = [
      '2026-11-24 13:32:35,759 INFO [KafkaRaftServer nodeId=1] Kafka Server started (KafkaRaftServer)',
      '[2026-11-24 13:32:33,139] WARN [QuorumController id=1] Performing (org.apache.kafka.Quorum)',
      '2026-11-24 13:39:04,152 ERROR [SqlRegistryStorage] (main) Not to be read',
      '2026-11+00-24 13:22:37 WARN [null] (main) Unrecognized configuration key',
      '26/11/24 13:22:39 FATAL SparkContext: gone',
      '2026-11-24T13:22:39.000Z DEBUG nothing of interest here',
    ];
    assert.deepEqual(read(lines.join('\n')).map(brief), [
      ['info', '2026-11-24 13:32:35,759', '[KafkaRaftServer nodeId='],
      ['warning', '2026-11-24 13:32:33,139', '[QuorumController id=1] '],
      ['error', '2026-11-24 13:39:04,152', '[SqlRegistryStorage] (ma'],
      ['warning', '2026-11+00-24 13:22:37', '[null] (main) Unrecogniz'],
      ['error', '26/11/24 13:22:39', 'SparkContext: gone'],
      ['info', '2026-11-24T13:22:39.000Z', 'nothing of interest here'],
    ]);
  });

  it('that follow a line with a time belong to it, with its level', () => {
    const text = fixture('spark-rpc.log');
    const lines = read(text);
    const records = lines.filter(({ continues }) => !continues);
    // Counted by hand: a warning, an error with its trace, three warnings.
    assert.deepEqual(
      records.map(({ level }) => level),
      ['warning', 'error', 'warning', 'warning', 'warning'],
    );
    const trace = text.split('\n').filter((line) => /^(\tat|org\.apache)/.test(line)).length;
    assert.equal(lines.filter(({ level, continues }) => level === 'error' && continues).length, trace);
    assert.ok(trace > 10);
  });

  it('in which the JVM itself tells its end are errors, each by itself', () => {
    const lines = read(
      [
        'WARNING: package sun.security.action not in java.base',
        'Error occurred during initialization of VM',
        'Too small maximum heap',
        '===> Launching kafka ...',
        '2026-11-24 13:32:35,759 INFO all is well',
        'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        '\tat java.base/java.lang.Thread.run(Unknown Source)',
      ].join('\n'),
    );
    assert.deepEqual(
      lines.map(({ level, continues }) => `${level}${continues ? '…' : ''}`),
      ['warning', 'error', 'error…', 'error…', 'info', 'error', 'error…'],
    );
  });

  it('of a program without a logger stand each for themselves', () => {
    const lines = read('===> User\nuid=1000\n  indented\n===> Launching');
    assert.deepEqual(
      lines.map(({ continues }) => continues),
      [false, false, true, false],
    );
  });

  it('of a healthy start and two runs of the pipeline hold no error', () => {
    for (const name of ['kafka-healthy.log', 'registry-healthy.log', 'spark-healthy.log']) {
      const lines = read(fixture(name));
      assert.ok(lines.length > 1);
      assert.deepEqual(
        lines.filter(({ level }) => level === 'error'),
        [],
        name,
      );
    }
  });
});
