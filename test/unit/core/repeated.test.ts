import assert from 'node:assert/strict';
import { createFillings } from '../../../src/core/filling.ts';
import { BadMessage, isBadMessage, pathText, type OutgoingDraft } from '../../../src/core/outgoing.ts';
import type { MessageEncoder } from '../../../src/core/ports.ts';
import { repeated } from '../../../src/core/repeated.ts';
import { draftReplay } from '../../../src/core/replay.ts';
import { encodeAll } from '../../../src/core/sendMessages.ts';

const never = new AbortController().signal;

/** Takes each value but `bad`. */
const encoder: MessageEncoder = {
  encode: ({ value }) =>
    value === 'bad'
      ? Promise.reject(new BadMessage([{ path: ['value'], reason: 'is bad' }]))
      : Promise.resolve({ key: null, value: Buffer.from(String(value)) }),
  messageSchema: (topic) => Promise.resolve({ topic }),
};
const draft = (value: unknown): OutgoingDraft => ({ topic: 't', value });

/** What came, and then the message and the places of what was wrong. */
async function run(
  documents: readonly unknown[],
  many = 4,
): Promise<{ readonly sent: readonly string[]; readonly told: string; readonly places: readonly string[] }> {
  const sent: string[] = [];
  try {
    for await (const batch of draftReplay(encoder, repeated(documents, many, createFillings()), never)) {
      sent.push(...batch.map(({ message }) => Buffer.from(message.value ?? []).toString()));
    }
  } catch (error) {
    if (!isBadMessage(error)) throw error;
    return { sent, told: error.message, places: error.findings.map(({ path }) => pathText(path)) };
  }
  return { sent, told: '', places: [] };
}

describe('documents that are sent many times', () => {
  it('come in turn, so many of them', async () => {
    assert.deepEqual((await run([draft('a'), draft('b${seq}')], 3)).sent, ['a', 'b2', 'a']);
  });

  it('say which of them the schema does not take, and after how many', async () => {
    const { sent, told, places } = await run([draft('a'), draft('b'), draft('bad')]);
    assert.deepEqual(sent, ['a', 'b']);
    assert.deepEqual(places, ['[2].value']);
    assert.equal(told, '#3: [2].value: is bad');
  });

  it('say so too of what is no message', async () => {
    const { sent, told, places } = await run([draft('a'), { topic: 't' }]);
    assert.deepEqual(sent, ['a']);
    assert.deepEqual(places, ['[1].value']);
    assert.match(told, /^#2: /);
  });

  it('need no index where there is one', async () => {
    assert.deepEqual((await run([draft('bad')])).places, ['value']);
  });

  it('are tried before, and each that is wrong is named', async () => {
    await assert.rejects(encodeAll(encoder, [draft('bad'), draft('a'), draft('bad')]), (error: unknown) => {
      assert.ok(isBadMessage(error));
      assert.deepEqual(
        error.findings.map(({ path }) => pathText(path)),
        ['[0].value', '[2].value'],
      );
      return true;
    });
  });
});
