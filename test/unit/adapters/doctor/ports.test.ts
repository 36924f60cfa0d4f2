import assert from 'node:assert/strict';
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
