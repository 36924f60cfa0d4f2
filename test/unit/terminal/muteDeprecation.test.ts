import assert from 'node:assert/strict';
import { once } from 'node:events';
import { muteDeprecation } from '../../../src/terminal/muteDeprecation.ts';

describe('muteDeprecation', () => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { emitWarning } = process;
  afterEach(() => {
    process.emitWarning = emitWarning;
  });

  it('swallows the one it is given, as Buffer() makes it, and no other', async () => {
    muteDeprecation('DEP0005');
    const told = once(process, 'warning');
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what is muted
    new Buffer(1);
    process.emitWarning('told once a process', 'DeprecationWarning', 'DEP0005');
    process.emitWarning('another', 'DeprecationWarning', 'DEP0777');
    const [warning] = (await told) as [NodeJS.ErrnoException];
    assert.equal(warning.code, 'DEP0777');
  });
});
