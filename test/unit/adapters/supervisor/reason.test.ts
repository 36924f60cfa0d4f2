import assert from 'node:assert/strict';
import { reasonInLog } from '../../../../src/adapters/supervisor/reason.ts';

describe('the reason in a log', () => {
  it('is the innermost cause', () => {
    const log = [
      '2026-11-24 06:40:58,517 INFO starting (x)',
      'Exception in thread "main" org.apache.hive.service.ServiceException: Failed to Start HiveServer2',
      '\tat org.apache.hive.service.CompositeService.start(CompositeService.java:80)',
      'Caused by: java.net.BindException: Address already in use',
      '\tat java.base/sun.nio.ch.Net.bind0(Native Method)',
      'bye',
    ].join('\n');
    assert.equal(reasonInLog(log), 'java.net.BindException: Address already in use');
  });

  it('is missing where no line tells', () => {
    assert.equal(reasonInLog('all is well\nno errors here\n'), undefined);
  });
});
