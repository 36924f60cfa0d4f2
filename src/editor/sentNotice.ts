/** Tells where messages went, with the way to them. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { ReplayEnd } from '../core/replay.ts';
import type { SentMessage } from '../core/sendMessages.ts';
import { count } from './numbers.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { showTopic } from './topicPanel.ts';
import { rememberedView } from './topicViews.ts';

export interface SentNotice {
  tell(sent: readonly SentMessage[]): void;
  /** What stopped it midway is thrown after that. */
  tellEnd(end: ReplayEnd, cancelled: boolean): void;
}

export function createSentNotice(room: Room, panels: Panels): SentNotice {
  /** Where the message is, in the viewer. */
  const show = ({ topic, partition, offset }: SentMessage): void => {
    const { fields = [], widths = {} } = rememberedView(room, topic) ?? {};
    showTopic(room, panels, topic, {
      start: { from: 'offset', offset },
      end: { until: 'forever' },
      filter: { partitions: [partition] },
      order: null,
      fields,
      widths,
    });
  };
  const tell = (sent: readonly SentMessage[]): void => {
    room.dataChanged();
    const [first] = sent;
    if (!first) return;
    const { topic, partition, offset } = first;
    const text =
      sent.length === 1
        ? t('Sent to {0}, partition {1}, offset {2}.', topic, partition, offset)
        : t(
            '{0} messages sent; the first to {1}, partition {2}, offset {3}.',
            sent.length,
            topic,
            partition,
            offset,
          );
    room.log.info(sent.map((one) => `${one.topic}/${one.partition}/${one.offset}`).join(' '));
    const open = t('Show in the topic');
    void vscode.window.showInformationMessage(text, open).then((chosen) => {
      if (chosen === open) show(first);
    });
  };
  const tellEnd = ({ sent, ranges, failure }: ReplayEnd, cancelled: boolean): void => {
    room.dataChanged();
    const [first] = ranges;
    const open = t('Show in the topic');
    const text = t('{0} messages sent and acknowledged.', count(sent));
    void vscode.window
      .showInformationMessage(cancelled ? `${t('Stopped.')} ${text}` : text, ...(first ? [open] : []))
      .then((chosen) => {
        if (chosen === open && first) {
          show({ topic: first.topic, partition: first.partition, offset: first.first });
        }
      });
    if (failure) throw failure;
  };

  return { tell, tellEnd };
}
