import assert from 'node:assert/strict';
import { BundleError, type Finding } from '../../../src/core/bundle/findings.ts';
import { missingVariables, variableProblem } from '../../../src/editor/deployVariables.ts';

const missing = (name: string, description?: string): Finding => ({
  code: 'no-value',
  level: 'error',
  message: `The variable ${name} has no value.`,
  variable: { name, ...(description === undefined ? {} : { description }) },
});
const other: Finding = { code: 'unsupported', level: 'error', message: 'No.' };

describe('variables without a value', () => {
  it('are asked for when nothing else is wrong', () => {
    assert.deepEqual(
      missingVariables(new BundleError([missing('catalog', 'It must be there.'), missing('topic')])),
      [{ name: 'catalog', description: 'It must be there.' }, { name: 'topic' }],
    );
    assert.deepEqual(missingVariables(new BundleError([missing('catalog'), other])), []);
    assert.deepEqual(missingVariables(new Error('no')), []);
  });

  it('take any text, but of a secret only where it lies', () => {
    assert.equal(variableProblem('kafka_bootstrap', 'host:9092'), undefined);
    assert.match(variableProblem('kafka_bootstrap', '  ') ?? '', /needed/);
    for (const name of [
      'kafka_password',
      'token',
      'registry-secret',
      'my_api_key',
      'private_key',
      'CLIENT_SECRET',
    ]) {
      assert.match(variableProblem(name, 'hunter2') ?? '', /secret scope/, name);
      assert.match(variableProblem(name, '{{secrets/scope/key}} ') ?? 'good', /good/, name);
      assert.match(variableProblem(name, '{{secrets/scope/key}}x') ?? '', /secret scope/, name);
    }
    // They name a place, and are none.
    for (const name of [
      'secret_scope',
      'kafka_key_name',
      'registry_secret_name',
      'tokens',
      'primary_key_column',
    ]) {
      assert.equal(variableProblem(name, 'orders'), undefined, name);
    }
  });
});
