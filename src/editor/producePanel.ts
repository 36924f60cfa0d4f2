/** The host of the produce page. One page for all topics: what it produces goes on while another one is chosen. */
import * as vscode from 'vscode';
import type { DeliveryEnd } from '../core/delivery.ts';
import { createGeneratorSession, parseGeneratorSettings } from '../core/generatorSession.ts';
import { t } from '../core/l10n.ts';
import { systemClock } from '../core/pacer.ts';
import type { ProduceCalls } from '../wire/produce.ts';
import { choosable } from './choose.ts';
import { tell } from './guard.ts';
import { deliveryText } from './ordersCommands.ts';
import { openAsDocument } from './openMessages.ts';
import { hostCalls } from './pageCalls.ts';
import { toFailure, type Panels } from './panel.ts';
import { messageCalls, parseDraft } from './messageCalls.ts';
import { generatorCalls, openedOn } from './produceCalls.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { showTopic } from './topicPanel.ts';
import { viewOf, viewSince } from './topicViews.ts';

const KEY = 'produce';
const SETTINGS = 'produce.generator';
const draftOf = (topic: string): string => `produce.message/${topic}`;

export interface ProducePages {
  show(topic: string): void;
}

/** Topics there are; none while no broker answers, which the start itself tells. */
async function existing(room: Room): Promise<readonly string[]> {
  try {
    return (await choosable(room)).map(({ name }) => name);
  } catch {
    return [];
  }
}

export function createProducePages(room: Room, panels: Panels): ProducePages {
  let chosen = '';
  const { globalState, workspaceState } = room.context;
  const titleOf = (topic: string): string => t('Produce to {0}', topic);
  const settings = () => parseGeneratorSettings(globalState.get(SETTINGS));
  const choose = (topic: string): void => {
    chosen = topic;
    panels.rename(KEY, titleOf(topic));
  };
  const showSent = (topic: string, since: number): void => {
    showTopic(room, panels, topic, viewSince(room, topic, since));
  };

  const spec = (closed: AbortSignal) => {
    const session = createGeneratorSession({
      lakehouse: () => room.lakehouse(),
      now: () => systemClock.now(),
      onEnd: (end, { topic }) => {
        room.log.info(`${deliveryText(end.delivery, topic ?? '')} ${JSON.stringify(end.delivery)}`);
        room.dataChanged();
      },
    });
    closed.addEventListener('abort', () => {
      void session.stop().then((end) => {
        if (end) tellOfClosed(end);
      });
    });
    /** The page is gone, so a notification says what came of it. */
    const tellOfClosed = (end: DeliveryEnd): void => {
      const { topic, firstSentAt } = session.state();
      if (end.failure) void tell(end.failure, room.log, 'produce');
      const show = t('Show in the topic');
      const text = t(
        'Producing stopped, for its tab was closed. {0}',
        deliveryText(end.delivery, topic ?? ''),
      );
      void vscode.window
        .showInformationMessage(text, ...(firstSentAt === null ? [] : [show]))
        .then((button) => {
          if (button === show && topic !== null && firstSentAt !== null) showSent(topic, firstSentAt);
        });
    };
    return {
      page: 'producePage' as const,
      title: titleOf(chosen),
      handlers: {
        ...hostCalls(['ordersLakehouse.start', 'workbench.trust.manage']),
        ...generatorCalls({
          session,
          remember: (next) => void globalState.update(SETTINGS, next),
          mayStart: mustBeTrusted,
          showSent,
          describe: (error) => toFailure(error, room.log),
        }),
        ...messageCalls({
          cluster: () => room.lakehouse(),
          maySend: mustBeTrusted,
          onSent: () => {
            room.dataChanged();
          },
          last: (topic) => parseDraft(workspaceState.get(draftOf(topic))),
          remember: (topic, draft) => void workspaceState.update(draftOf(topic), draft),
          show: (topic, sent) => {
            showTopic(room, panels, topic, viewOf(room, topic, sent));
          },
          asDocument: (draft) => openAsDocument(room, [draft]),
        }),
        opened: async () => openedOn(chosen, await existing(room), settings()),
        choose: ({ topic }: { readonly topic: string }) => {
          choose(topic);
          return null;
        },
      },
    };
  };

  return {
    show: (topic) => {
      choose(topic);
      panels.show<ProduceCalls>(KEY, spec);
      panels.tell(KEY);
    },
  };
}
