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

  it('is the last line where none tells more', () => {
    const log = 'Error occurred during initialization of VM\nInitial heap size is too large\n\n';
    assert.equal(reasonInLog(log), 'Initial heap size is too large');
  });

  it('is missing where nothing was said', () => {
    assert.equal(reasonInLog('\n'), undefined);
  });
});
