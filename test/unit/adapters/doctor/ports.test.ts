import assert from 'node:assert/strict';
import { windowsListener } from '../../../../src/adapters/embedded/portHolder.ts';
import { excludedRanges, reservedFound } from '../../../../src/adapters/doctor/windowsPorts.ts';

const ENGLISH = `
Protocol tcp Port Exclusion Ranges

Start Port    End Port
----------    --------
      5357        5357
     49688       49787
     50000       50059     *

* - Administered port exclusions.

`.replaceAll('\n', '\r\n');
const PORTUGUESE = `
Intervalos de exclusão de portas tcp do protocolo

Porta Inicial    Porta Final
-------------    -----------
       9080          9179

* - Exclusões de porta administradas.
`;

describe('the ports that Windows reserves', () => {
  it('are read from what netsh prints, in any language', () => {
    assert.deepEqual(excludedRanges(ENGLISH), [
      { first: 5357, last: 5357 },
      { first: 49688, last: 49787 },
      { first: 50000, last: 50059 },
    ]);
    assert.deepEqual(excludedRanges(PORTUGUESE), [{ first: 9080, last: 9179 }]);
  });

  it('are a problem for a port that is set to one of them, its ends included', () => {
    const found = reservedFound({ 'kafka.broker': 9179, 'spark.sql': 9180 }, [{ first: 9080, last: 9179 }]);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.status, 'problem');
    assert.match(found[0].evidence, /Port 9179, set for kafka\.broker.*9080 to 9179/);
    assert.deepEqual(
      reservedFound({ 'spark.sql': 9180 }, [{ first: 9080, last: 9179 }]).map(({ status }) => status),
      ['ok'],
    );
  });
});

describe('who listens on Windows', () => {
  it('is read from netstat, in any language, and is none who only speaks to that port', () => {
    const output = `
Conexões ativas

  Proto  Endereço local         Endereço externo       Estado          PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1084
  TCP    127.0.0.1:51002        127.0.0.1:9092         ESTABLISHED     7000
  TCP    127.0.0.1:9092         127.0.0.1:51002        ESTABLISHED     7001
  TCP    127.0.0.1:9092         0.0.0.0:0              ABHÖREN         4711
  TCP    [::1]:8081             [::]:0                 LISTENING       4712
`.replaceAll('\n', '\r\n');
    assert.equal(windowsListener(output, 9092), 4711);
    assert.equal(windowsListener(output, 8081), 4712);
    assert.equal(windowsListener(output, 51002), undefined);
  });
});
