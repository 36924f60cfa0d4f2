/** Tells where messages went, with the way to them. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { ReplayEnd } from '../core/replay.ts';
import type { SentMessage } from '../core/sendMessages.ts';
import { count } from './numbers.ts';
import type { Panels } from './panel.ts';
import type { Place } from './place.ts';
import type { Room } from './room.ts';
import { showTopic } from './topicPanel.ts';
import { viewOf } from './topicViews.ts';

export interface SentNotice {
  tell(sent: readonly SentMessage[], place: Place): void;
  /** What stopped it midway is thrown after that. */
  tellEnd(end: ReplayEnd, cancelled: boolean, place: Place): void;
}

export function createSentNotice(room: Room, panels: Panels): SentNotice {
  /** Where the message is, in the viewer. */
  const show = (sent: SentMessage, { connection }: Place): void => {
    const { topic } = sent;
    showTopic(room, panels, topic, viewOf(room, { topic, connection }, sent), connection);
  };
  const tell: SentNotice['tell'] = (sent, place) => {
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
      if (chosen === open) show(first, place);
    });
  };
  const tellEnd: SentNotice['tellEnd'] = ({ sent, ranges, failure }, cancelled, place) => {
    room.dataChanged();
    const [first] = ranges;
    const open = t('Show in the topic');
    const text = t('{0} messages sent and acknowledged.', count(sent));
    void vscode.window
      .showInformationMessage(cancelled ? `${t('Stopped.')} ${text}` : text, ...(first ? [open] : []))
      .then((chosen) => {
        if (chosen === open && first) {
          show({ topic: first.topic, partition: first.partition, offset: first.first }, place);
        }
      });
    if (failure) throw failure;
  };

  return { tell, tellEnd };
}
