/** A million messages in the message viewer, against kcat reading the same topic and throwing it away. */
import { sandboxAccess } from '../../src/core/access.ts';
import { createBroker } from '../../src/adapters/kafka.ts';
import { cli, runProgram, sibling } from './child.ts';
import { interleaved, median, ratios, spread } from './measure.ts';
import { markdownTable, mebibytes } from './report.ts';
import type { Sandbox } from './sandbox.ts';
import type { RecordOrder } from '../../src/wire/topic.ts';
import type { TopicOptions, TopicRead } from './topicOnce.ts';

const MILLION = 1_000_000;
const FEW = 1000;
/** Of the generated shop, so that the same orders come each time. */
const CLOCK = '2026-01-01T00:00:00Z';
const ROUNDS = 3;
/** Words of product names, a number that stands in no byte of a message, and what is nowhere. */
const SEARCHES = ['photo frame', '41.15', '2025-06-15', 'nowhere to be found'];
/** What a column of the list holds, the key, and a field that must be decoded. */
const SORTS: readonly (readonly [string, RecordOrder['by']])[] = [
  ['time', 'timestamp'],
  ['key', 'key'],
  ['price', { of: 'value', path: 'price' }],
];
/** Nearly all partitions of this one are empty. */
const SPARSE = { topic: 'sparse', partitions: 12 };

async function fillSparse({ endpoints }: Sandbox): Promise<void> {
  const broker = await createBroker(sandboxAccess(endpoints));
  await broker.ensureTopic(SPARSE.topic, SPARSE.partitions);
  const producer = await broker.producer();
  // One key, and so one partition.
  const key = Buffer.from('one');
  await producer.send(
    SPARSE.topic,
    Array.from({ length: FEW }, (_, index) => ({ key, value: Buffer.from(`{"n":${index}}`) })),
  );
  await producer.close();
  await broker.close();
}

/** Seconds of kcat reading all of a topic into nothing; undefined where there is no kcat. */
async function kcat(bootstrap: string, topic: string): Promise<number | undefined> {
  const quiet = ['-C', '-q', '-e', '-o', 'beginning', '-f', ''];
  return runProgram('kcat', ['-b', bootstrap, '-t', topic, ...quiet]).then(
    ({ seconds }) => seconds,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    },
  );
}

export async function benchTopic(sandbox: Sandbox): Promise<string> {
  const { endpoints, home } = sandbox;
  await cli(home, ['produce', '--count', String(MILLION), '--seed', '5', '--clock', CLOCK]);
  await fillSparse(sandbox);
  const read = (
    topic: string,
    messages: number,
    more: Pick<TopicOptions, 'searches' | 'sorts'>,
  ): Promise<TopicRead> => {
    const options: TopicOptions = { topic, endpoints, messages, ...more };
    return sibling('topicOnce', [JSON.stringify(options)]);
  };
  const sides = await interleaved<'viewer' | 'sparse' | 'kcat', TopicRead | number | undefined>(ROUNDS, {
    viewer: () => read('orders', MILLION, { searches: SEARCHES, sorts: SORTS.map(([, by]) => by) }),
    sparse: () => read(SPARSE.topic, FEW, { searches: [], sorts: [] }),
    kcat: () => kcat(endpoints.bootstrap, 'orders'),
  });
  const viewer = sides.viewer as TopicRead[];
  const sparse = sides.sparse as TopicRead[];
  const bare = sides.kcat.filter((seconds) => typeof seconds === 'number');
  const perSecond = (seconds: readonly number[]): string =>
    spread(
      seconds.map((one) => MILLION / one / 1000),
      0,
    );
  const all = viewer.map((one) => one.all);
  const milliseconds = (values: readonly number[]): string =>
    spread(
      values.map((value) => value * 1000),
      0,
    );
  return [
    markdownTable(
      ['a million orders', ''],
      [
        ['thousand messages a second, all held and the newest on the screen', perSecond(all)],
        ...(bare.length === ROUNDS
          ? [
              ['thousand messages a second, kcat into nothing', perSecond(bare)],
              ['viewer ÷ kcat, time', spread(ratios(all, bare), 2)],
            ]
          : []),
        ['milliseconds to the first message', milliseconds(viewer.map(({ first }) => first))],
        [
          `milliseconds to the first message, ${SPARSE.partitions - 1} of ${SPARSE.partitions} partitions empty`,
          milliseconds(sparse.map(({ first }) => first)),
        ],
        ['MiB resident, all held', mebibytes(median(viewer.map(({ bytes }) => bytes)))],
        [
          'MiB resident, after searches and sorts',
          mebibytes(median(viewer.map(({ bytesAfter }) => bytesAfter))),
        ],
        [
          'seconds of the first search, nothing decoded yet',
          spread(
            viewer.map(({ firstSearch }) => firstSearch),
            1,
          ),
        ],
        ...SEARCHES.map((pattern, index) => [
          `milliseconds to find the ${(viewer[0]?.found[index] ?? 0).toLocaleString('en')} with “${pattern}”`,
          milliseconds(viewer.map(({ searches }) => searches[index] ?? Number.NaN)),
        ]),
        ...SORTS.map(([name], index) => [
          `seconds to sort by ${name}`,
          spread(
            viewer.map(({ sorts }) => sorts[index] ?? Number.NaN),
            1,
          ),
        ]),
        [
          'milliseconds, the longest wait for an answer of the thread, first search',
          spread(
            viewer.map(({ silentSearching }) => silentSearching),
            0,
          ),
        ],
        [
          'milliseconds, the longest wait for an answer of the thread, sorts',
          spread(
            viewer.map(({ silentSorting }) => silentSorting),
            0,
          ),
        ],
        [
          "milliseconds, the longest block of the editor's loop",
          spread(
            viewer.map((one) => one.longestBlock),
            0,
          ),
        ],
      ],
    ),
    '',
    `Each reading in a process of its own with the thread that holds the messages, as in VS Code; ${ROUNDS} rounds in turns. ` +
      'Resident memory is that of the whole process, of which Node itself is about 45 MiB.',
  ].join('\n');
}
