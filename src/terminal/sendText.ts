/** Where messages went, as text for people. */
import { t } from '../core/l10n.ts';
import type { SentRange } from '../core/replay.ts';
import type { SentMessage } from '../core/sendMessages.ts';

export const sentText = ({ topic, partition, offset }: SentMessage): string =>
  t('Sent to {0}, partition {1}, offset {2}.', topic, partition, offset);

export const rangesText = (sent: number, ranges: readonly SentRange[]): string =>
  [
    t('{0} messages sent and acknowledged.', sent),
    ...ranges.map(({ topic, partition, first, last, messages }) =>
      t('{0}, partition {1}: {2} messages, offsets {3} to {4}', topic, partition, messages, first, last),
    ),
  ].join('\n');
