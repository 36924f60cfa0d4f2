/** The question before many messages are sent: nobody takes them back. */
import { t } from '../core/l10n.ts';
import { ASK_ABOVE } from '../core/manyMessages.ts';
import { mustAgree } from './ask.ts';
import { count } from './numbers.ts';
import type { Place } from './place.ts';
import { named } from './placeName.ts';

const agree = (question: string): Promise<void> =>
  mustAgree(question, t('Send'), [t('They stay there: a message that was sent is taken back by nobody.')]);

/** Asks when there are many; `target` is a topic, or how several are called. Throws Cancelled. */
export async function mustAgreeToSend(total: number, target: string, place: Place): Promise<void> {
  if (total > ASK_ABOVE) await agree(t('Send {0} messages to {1}?', count(total), named(target, place)));
}

/** The same where nobody knows how many they are. */
export const mustAgreeToSendMany = (target: string, place: Place): Promise<void> =>
  agree(t('Send more than {0} messages to {1}?', count(ASK_ABOVE), named(target, place)));
