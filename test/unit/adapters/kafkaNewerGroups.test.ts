import assert from 'node:assert/strict';
import type { Connection } from '../../../src/adapters/kafkaConnection.ts';
import { describeNewerGroup } from '../../../src/adapters/kafkaNewerGroups.ts';

/** A string with its length plus one before it, an array likewise; short ones need one byte. */
const text = (value: string): number[] => [value.length + 1, ...Buffer.from(value)];
const array = (...items: readonly number[][]): number[] => [items.length + 1, ...items.flat()];
const int16 = (value: number): number[] => [value >> 8, value & 255];
const int32 = (value: number): number[] => [0, 0, ...int16(value)];
const NONE = [0];

const assignment = (...topics: readonly (readonly [string, ...number[]])[]): number[] => [
  ...array(
    ...topics.map(([topic, ...partitions]) => [
      ...Array<number>(16).fill(7),
      ...text(topic),
      ...array(...partitions.map(int32)),
      ...NONE,
    ]),
  ),
  ...NONE,
];
const member = (now: number[], target: number[]): number[] => [
  ...[...text('m-1'), ...NONE, ...text('rack'), ...int32(5)],
  ...[...text('reader'), ...text('/10.0.0.7')],
  ...[...array(text('orders'), text('lines')), ...NONE, ...now, ...target, ...NONE],
];
const answer = (error: number, state: string, ...members: readonly number[][]): Buffer =>
  Buffer.from([
    ...[...NONE, ...int32(0)],
    ...array([
      ...[...int16(error), ...NONE, ...text('g'), ...text(state)],
      ...[...int32(3), ...int32(2), ...text('uniform'), ...array(...members), ...int32(0), ...NONE],
    ]),
    ...NONE,
  ]);

/** A coordinator that knows the API keys, and what it was sent. */
function coordinator(keys: readonly number[], payload: Buffer) {
  const sent: unknown[] = [];
  const connection = {
    findGroupCoordinator: () =>
      Promise.resolve({
        versions: Object.fromEntries(keys.map((key) => [key, { minVersion: 0, maxVersion: 1 }])),
        connectionPool: {
          send: async ({ request, response }: { request: unknown; response: { decode: unknown } }) => {
            sent.push(request);
            return (response.decode as (bytes: Buffer) => Promise<unknown>)(payload);
          },
        },
      }),
  } as unknown as Connection;
  return { connection, sent };
}

describe('a consumer group of the newer protocol, as bytes', () => {
  it('has what its members read now, not what they are to read', async () => {
    const reader = member(assignment(['orders', 2, 0], ['lines', 1]), assignment(['orders', 0]));
    const { connection } = coordinator([69], answer(0, 'Reconciling', reader));
    assert.deepEqual(await describeNewerGroup(connection, 'g'), {
      state: 'Reconciling',
      members: [
        {
          memberId: 'm-1',
          clientId: 'reader',
          host: '10.0.0.7',
          assignment: [
            { topic: 'lines', partitions: [1] },
            { topic: 'orders', partitions: [0, 2] },
          ],
        },
      ],
    });
  });

  it('is not asked of a broker that is too old', async () => {
    const { connection, sent } = coordinator([15], answer(0, 'Empty'));
    assert.equal(await describeNewerGroup(connection, 'g'), undefined);
    assert.deepEqual(sent, []);
  });

  it('is none where the broker says so, and an error where it refuses', async () => {
    for (const none of [69, 35]) {
      const { connection } = coordinator([69], answer(none, ''));
      assert.equal(await describeNewerGroup(connection, 'g'), undefined);
    }
    const { connection } = coordinator([69], answer(30, ''));
    await assert.rejects(describeNewerGroup(connection, 'g'), { type: 'GROUP_AUTHORIZATION_FAILED' });
  });
});
