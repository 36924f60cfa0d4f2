/** Verbs that look into Kafka: topics, read. */
import { t } from '../core/l10n.ts';
import { parseReadStart, readTopic, type ReadOptions } from '../core/readTopic.ts';
import type { Message, ReadStart, Topic } from '../core/topics.ts';
import { option, wholeNumber } from './options.ts';
import { textTable } from './textTable.ts';
import type { Verb } from './verb.ts';

/** Messages that a person gets to see when no limit is said. */
const SHOWN = 100;

export const topics: Verb = (program, run) => {
  program
    .command('topics')
    .description(t('list topics, their partitions and how many messages they hold'))
    .option('--all', t('internal topics too'))
    .action(
      run(async ({ cluster, output }, { all = false }: { readonly all?: boolean }) => {
        const broker = await cluster.broker();
        const found = (await broker.topics()).filter(({ internal }) => all || !internal);
        const document = found.map(({ name, partitions, messages }) => ({ name, partitions, messages }));
        await output.result({ topics: document }, () => topicsText(found));
      }),
    );
};

function topicsText(found: readonly Topic[]): string {
  if (found.length === 0) return t('No topics yet. Send some orders: orders-lakehouse produce --count 1000');
  return textTable(
    [
      { name: t('topic'), type: 'string' },
      { name: t('partitions'), type: 'int' },
      { name: t('messages'), type: 'bigint' },
    ],
    found.map(({ name, partitions, messages }) => [name, partitions.length, messages]),
  );
}

interface ReadFlags {
  readonly from: ReadStart;
  readonly limit?: number;
  readonly partition?: number;
}

export const read: Verb = (program, run) => {
  program
    .command('read')
    .description(t('show messages of a topic, decoded, up to its present end'))
    .argument('<topic>')
    .option('--from <start>', t('beginning, end, offset:N or time:ISO'), option(parseReadStart), {
      from: 'beginning',
    })
    .option('--limit <n>', t('at most so many messages'), wholeNumber)
    .option('--partition <id>', t('of this partition only'), wholeNumber)
    .action(
      run(async ({ cluster, output, signal }, topic: string, flags: ReadFlags) => {
        const { from: start, limit, partition } = flags;
        const options = (most: number | undefined): ReadOptions => ({
          start,
          ...(most === undefined ? {} : { limit: most }),
          ...(partition === undefined ? {} : { partition }),
        });
        const write = (text: string): Promise<void> => output.write(text);
        if (output.json) await writeJson(readTopic(cluster, topic, options(limit), signal), write);
        else {
          const more = await writeText(
            readTopic(cluster, topic, options(limit ?? SHOWN + 1), signal),
            limit ?? SHOWN,
            write,
          );
          if (more) await write(`${t('Only the first {0} are shown; --limit shows more.', SHOWN)}\n`);
        }
      }),
    );
};

type Batches = AsyncIterable<readonly Message[]>;

/** The document piece by piece: a topic may be larger than memory. It begins when the first messages are there. */
async function writeJson(batches: Batches, write: (text: string) => Promise<void>): Promise<void> {
  let separator = '{"messages":[\n';
  for await (const messages of batches) {
    await write(separator + messages.map((message) => JSON.stringify(message)).join(',\n'));
    separator = ',\n';
  }
  await write(separator === ',\n' ? '\n]}\n' : '{"messages":[]}\n');
}

async function writeText(
  batches: Batches,
  most: number,
  write: (text: string) => Promise<void>,
): Promise<boolean> {
  let left = most;
  for await (const messages of batches) {
    for (const message of messages) {
      if (left === 0) return true;
      left -= 1;
      await write(`${messageText(message)}\n`);
    }
  }
  if (left === most) await write(`${t('No messages.')}\n`);
  return false;
}

function messageText({ partition, offset, timestamp, key, value, error }: Message): string {
  const place = `${partition}/${offset}`.padEnd(10);
  const shown = error === undefined ? JSON.stringify(value) : `✗ ${error}`;
  return `${place} ${timestamp}  ${(key ?? '∅').padEnd(8)} ${shown}`;
}
