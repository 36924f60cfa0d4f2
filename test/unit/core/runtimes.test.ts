import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import { chooseRuntime, type DockerFound } from '../../../src/core/runtimes.ts';
import type { RuntimeName } from '../../../src/core/sandbox.ts';
import type { Settings } from '../../../src/core/settings.ts';

const THERE: DockerFound = { usable: true, engine: 'Docker 28.1.0, Colima' };
const GONE: DockerFound = { usable: false, error: new UserError('docker-missing', 'There is no Docker.') };

const choose = (setting: Settings['runtime'], home: RuntimeName | undefined, docker: DockerFound) =>
  chooseRuntime(setting, home, () => Promise.resolve(docker));

describe('the choice of a runtime', () => {
  it('takes Docker when an engine answers, and says which', async () => {
    const { runtime, why } = await choose('auto', undefined, THERE);
    assert.equal(runtime, 'docker');
    assert.match(why, /Docker 28\.1\.0, Colima/);
  });

  it('does without Docker when none can be used, and says why', async () => {
    const { runtime, why } = await choose('auto', undefined, GONE);
    assert.equal(runtime, 'embedded');
    assert.match(why, /There is no Docker\./);
  });

  it('goes on where the data of the home lies', async () => {
    assert.equal((await choose('auto', 'embedded', THERE)).runtime, 'embedded');
    assert.equal((await choose('auto', 'docker', THERE)).runtime, 'docker');
  });

  it('would rather fail than show an empty sandbox in place of the one in Docker', async () => {
    await assert.rejects(choose('auto', 'docker', GONE), { code: 'docker-missing' });
  });

  it('does as it is told', async () => {
    assert.equal((await choose('embedded', 'docker', THERE)).runtime, 'embedded');
    assert.equal((await choose('docker', 'embedded', THERE)).runtime, 'docker');
    await assert.rejects(choose('docker', undefined, GONE), { code: 'docker-missing' });
  });

  it('asks no engine when the choice is made already', async () => {
    const asked = (): Promise<DockerFound> => assert.fail('an engine was asked');
    await chooseRuntime('embedded', undefined, asked);
    await chooseRuntime('auto', 'embedded', asked);
  });
});
