/** What stands in place of messages while there are none to show. */
import type { SessionState } from '../wire/topic.ts';
import { t } from './host.ts';
import type { Notice, NoticeButton } from './notice.ts';
import { heldBy, isSettled, type Reading } from './topicFacts.ts';

export interface TopicActions {
  readonly produce: NoticeButton;
  readonly importCsv: NoticeButton;
  readonly clearFilter: NoticeButton;
  readonly searchWhole: NoticeButton;
  readonly backToNewest: NoticeButton;
  readonly resume: NoticeButton;
}

export function createTopicNotice(
  notice: Notice,
  title: string,
  actions: TopicActions,
): { show(state: SessionState, reading: Reading): boolean; forget(): void } {
  let shown = '';
  /** Shown anew only when it is another: the focus may be in it. */
  const once = (kind: string, show: () => void): boolean => {
    if (shown !== kind) show();
    shown = kind;
    return true;
  };
  const emptyOf = (state: SessionState, { messages, filtered, whole, elsewhere }: Reading): boolean => {
    if (state.phase === 'paused') {
      return once('paused', () => {
        notice.empty(t('Paused before a message was read.'), [actions.resume]);
      });
    }
    if (!isSettled(state)) {
      return once('reading', () => {
        notice.loading(filtered ? t('Searching {0}…', title) : t('Reading {0}…', title));
      });
    }
    if (whole) {
      return once('none', () => {
        notice.empty(t('No message of {0} matches.', title), [actions.backToNewest, actions.clearFilter]);
      });
    }
    if (filtered && heldBy(state) > 0) {
      return once('no match', () => {
        notice.empty(t('No message matches.'), [actions.clearFilter, actions.searchWhole]);
      });
    }
    if (messages === 0) {
      return once('empty', () => {
        const make = elsewhere ? [] : [actions.produce, actions.importCsv];
        notice.empty(t('No messages in {0} yet.', title), make);
      });
    }
    return once('nothing in range', () => {
      notice.empty(
        state.phase === 'live' ? t('Waiting for new messages…') : t('No messages in this range.'),
        [actions.backToNewest],
      );
    });
  };
  return {
    /** Returns whether it stands in place of the messages. */
    show: (state, reading) => {
      if (state.matches === 0) return emptyOf(state, reading);
      notice.hide();
      shown = '';
      return false;
    },
    forget: () => {
      shown = '';
    },
  };
}
