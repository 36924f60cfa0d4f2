import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { RawMessage } from '../../src/core/topics.ts';
import { copyCommands, openTemplate, sendAgain } from '../../src/editor/sendAgain.ts';
import type { TakenMessages } from '../../src/editor/topicThread.ts';
import { until } from '../live/support/until.ts';
import { activated } from './support.ts';

const TOPIC = 'host-again';
const OTHER = 'host-again-other';

const raw = (index: number, value: Uint8Array | null): RawMessage => ({
  topic: TOPIC,
  partition: 0,
  offset: String(index),
  timestampMs: 1000 * index,
  key: Buffer.from(`key ${index}`),
  value,
  headers: [{ name: 'h', value: Buffer.from([0, 255]) }],
});
const MESSAGES = [raw(1, Buffer.from([0, 1, 2])), raw(2, null), raw(3, Buffer.from("it's"))];

function taken(...batches: (readonly RawMessage[])[]): TakenMessages {
  return {
    count: batches.flat().length,
    // eslint-disable-next-line @typescript-eslint/require-await -- a thread plays what a list does
    messages: (async function* () {
      yield* batches;
    })(),
    close: () => Promise.resolve(),
  };
}

describe('messages that are used again', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  const log = vscode.window.createOutputChannel('again', { log: true });
  let changes = 0;
  const place = { cluster: lakehouse, connection: undefined, label: undefined };
  let api: Api;
  const room = {
    lakehouse: () => lakehouse,
    log,
    dataChanged: () => (changes += 1),
    get documentPlaces() {
      return api.room.documentPlaces;
    },
  };

  before(async () => {
    api = await activated();
    const broker = await lakehouse.broker();
    for (const topic of [TOPIC, OTHER]) await broker.ensureTopic(topic, 1);
  });
  after(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    const admin = await lakehouse.topicAdmin();
    for (const topic of [TOPIC, OTHER]) await admin.remove(topic);
    await lakehouse.close();
    log.dispose();
  });

  async function held(topic: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    const { signal } = new AbortController();
    for await (const batch of (await lakehouse.broker()).read(topic, { from: 'beginning' }, signal)) {
      for (const { key, value, headers } of batch) {
        found.push([key, value, ...headers.flatMap((one) => [one.name, one.value])].map(bytesText));
      }
    }
    return found;
  }
  const bytesText = (part: Uint8Array | string | null): string | null =>
    part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : part;
  /** Takes what each question offers first. */
  async function answered(work: Promise<unknown>): Promise<unknown> {
    let ended: { readonly error?: unknown } | undefined;
    work.then(
      () => (ended = {}),
      (error: unknown) => (ended = { error }),
    );
    await until('the answers', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return ended !== undefined;
    });
    return ended?.error;
  }

  it('go to the topic that they are in, byte for byte, when nothing else is said', async () => {
    const shown: string[] = [];
    const work = sendAgain(room, place, TOPIC, taken(MESSAGES.slice(0, 2), MESSAGES.slice(2)), (topic) =>
      shown.push(topic),
    );
    assert.equal(await answered(work), undefined);
    assert.deepEqual(await held(TOPIC), [
      ['key 1', '\u0000\u0001\u0002', 'h', '\u0000ÿ'],
      ['key 2', null, 'h', '\u0000ÿ'],
      ['key 3', "it's", 'h', '\u0000ÿ'],
    ]);
    assert.deepEqual(await held(OTHER), []);
    assert.equal(changes, 1);
  });

  it('are sent by nobody who gives up', async () => {
    const before = (await held(TOPIC)).length;
    const work = sendAgain(room, place, TOPIC, taken(MESSAGES), () => undefined);
    let over = false;
    const given = assert.rejects(work, { name: 'Cancelled' }).finally(() => (over = true));
    await until('the question', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return over;
    });
    await given;
    assert.equal((await held(TOPIC)).length, before);
  });

  it('become a document that can be changed, without what is no text', async () => {
    const text: RawMessage = {
      ...raw(4, Buffer.from('{"n":1}')),
      headers: [{ name: 'h', value: Buffer.from('é') }],
    };
    await openTemplate(room, place, taken([text, raw(3, Buffer.from("it's"))]));
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document?.isUntitled);
    const { messages, problems } = (await lakehouse.messageFiles()).parse(document.getText());
    assert.deepEqual(problems, []);
    assert.deepEqual(
      messages.map((one) => one.document),
      [
        { topic: TOPIC, key: 'key 4', value: { n: 1 }, headers: { h: 'é' } },
        { topic: TOPIC, key: 'key 3', value: "it's" },
      ],
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await assert.rejects(openTemplate(room, place, taken([raw(1, Buffer.from([0, 1, 2]))])), {
      code: 'not-decoded',
    });
  });

  it('are copied as commands of the terminal, one a line', async () => {
    await copyCommands(room, place, taken(MESSAGES));
    const lines = (await vscode.env.clipboard.readText()).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[2] ?? '', /^orders-lakehouse send '--key=key 3' .*it'\\''s.* host-again$/);
    await assert.rejects(copyCommands(room, place, taken(Array.from({ length: 101 }, () => raw(1, null)))), {
      code: 'too-many',
    });
  });
});
