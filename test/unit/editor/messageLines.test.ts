import assert from 'node:assert/strict';
import type { Message } from '../../../src/core/topics.ts';
import { messageDetail, messageLine } from '../../../src/editor/messageLines.ts';

const message: Message = {
  topic: 'orders',
  partition: 1,
  offset: '9007199254740993',
  timestamp: '2026-01-31T12:00:00.000Z',
  key: '536365',
  value: { price: '10.60', name: 'two\n lines' },
  headers: [{ name: 'origin', value: 'test' }],
  schemaId: 3,
};

describe('messages as the viewer shows them', () => {
  it('are one line of JSON', () => {
    assert.equal(messageLine(message).preview, '{"price":"10.60","name":"two\\n lines"}');
    assert.equal(messageLine(message).offset, '9007199254740993');
  });

  it('are cut in the list and whole in the detail', () => {
    const long = { ...message, value: { text: 'x'.repeat(5000) } };
    assert.equal(messageLine(long).preview?.length, 301);
    assert.deepEqual(JSON.parse(messageDetail(long).json), long.value);
  });

  it('tell a tombstone from an empty text', () => {
    assert.equal(messageLine({ ...message, value: null }).preview, null);
    assert.equal(messageLine({ ...message, value: '' }).preview, '');
  });

  it('keep the reason of what could not be decoded', () => {
    assert.equal(messageLine({ ...message, value: 'AAEC', error: 'why' }).error, 'why');
    assert.equal('error' in messageLine(message), false);
  });
});
