/** The message viewer's host: reads pages of a topic, newest first, and keeps what was read for the details. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { newestPage, type Cursor } from '../core/messagePage.ts';
import type { Message } from '../core/topics.ts';
import type { TopicCalls } from '../wire/topic.ts';
import { messageDetail, messageLine } from './messageLines.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';

export function showTopic(room: Room, panels: Panels, topic: string): void {
  panels.show<TopicCalls>(`topic/${topic}`, () => {
    const read = new Map<string, Message>();
    return {
      page: 'topicPage',
      title: topic,
      handlers: {
        ...hostCalls(['ordersLakehouse.start', 'ordersLakehouse.produce', 'ordersLakehouse.importCsv']),
        info: async () => {
          const broker = await room.lakehouse().broker();
          const { messages, partitions } = await broker.topic(topic);
          return { topic, messages, partitions: partitions.length };
        },
        messages: async ({ before, limit }, signal) => {
          const lakehouse = room.lakehouse();
          const [broker, decoder] = await Promise.all([lakehouse.broker(), lakehouse.decoder()]);
          if (before === undefined) read.clear();
          const page = await newestPage(
            broker,
            decoder,
            topic,
            { ...(before === undefined ? {} : { before: JSON.parse(before) as Cursor }), limit },
            signal,
          );
          for (const message of page.messages) read.set(`${message.partition}/${message.offset}`, message);
          return {
            messages: page.messages.map(messageLine),
            ...(page.next === undefined ? {} : { next: JSON.stringify(page.next) }),
          };
        },
        message: ({ partition, offset }) => {
          const message = read.get(`${partition}/${offset}`);
          if (!message) {
            throw new UserError('not-loaded', t('This message is no longer loaded.'), {
              hint: t('Refresh the list.'),
            });
          }
          return messageDetail(message);
        },
      },
    };
  });
}
