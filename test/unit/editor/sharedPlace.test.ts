import assert from 'node:assert/strict';
import { sharedPlace } from '../../../src/editor/sharedPlace.ts';

describe('the place of all open documents of messages', () => {
  const at = (connection: string | undefined) => ({ connection });
  const of = (...connections: readonly (string | undefined)[]) =>
    sharedPlace(connections.map(at), at(undefined));

  it('is the sandbox where there are none', () => {
    assert.deepEqual(of(), at(undefined));
  });

  it('is the one that they share', () => {
    assert.deepEqual(of('prod', 'prod'), at('prod'));
    assert.deepEqual(of(undefined, undefined), at(undefined));
  });

  it('is none where they go to several: nobody is told the schemas of another Kafka', () => {
    assert.equal(of('prod', undefined), undefined);
    assert.equal(of(undefined, undefined, 'prod'), undefined);
  });
});
