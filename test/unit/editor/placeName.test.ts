import assert from 'node:assert/strict';
import { named } from '../../../src/editor/placeName.ts';

describe('the name of a thing in a question', () => {
  it('has the connection that it is in, and nothing more in the sandbox', () => {
    assert.equal(named('orders', { label: 'prod' }), 'orders · prod');
    assert.equal(named('orders', { label: undefined }), 'orders');
  });
});
