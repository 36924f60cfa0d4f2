/** The host of the produce page. One page for all topics: what it produces goes on while another one is chosen. */
import * as vscode from 'vscode';
import type { DeliveryEnd } from '../core/delivery.ts';
import { createGeneratorSession, parseGeneratorSettings } from '../core/generatorSession.ts';
import { t } from '../core/l10n.ts';
import { TOPICS } from '../core/orders.ts';
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
import { badgeOf, placeAt, type Place } from './place.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { showTopic } from './topicPanel.ts';
import { viewKey, viewOf, viewSince, type TopicPlace } from './topicViews.ts';

const SETTINGS = 'produce.generator';
const keyOf = (connection: string | undefined): string =>
  connection === undefined ? 'produce' : `produce/${connection}`;
const draftOf = (at: TopicPlace): string => viewKey(at).replace('topic', 'produce.message');

export interface ProducePages {
  /** `connection`: id; undefined for the sandbox. */
  show(topic: string, connection: string | undefined): void;
}

/** Topics there are; none while no broker answers, which the start itself tells. */
async function existing(place: Place): Promise<readonly string[]> {
  try {
    return (await choosable(place)).map(({ name }) => name);
  } catch {
    return [];
  }
}

export function createProducePages(room: Room, panels: Panels): ProducePages {
  /** Of each place. */
  const chosen = new Map<string | undefined, string>();
  const { globalState, workspaceState } = room.context;
  const titleOf = (topic: string, connection: string | undefined): string =>
    connection === undefined
      ? t('Produce to {0}', topic)
      : t('Produce to {0}', `${topic} · ${room.connections.get(connection).name}`);
  const settings = () => parseGeneratorSettings(globalState.get(SETTINGS));
  const choose = (topic: string, connection: string | undefined): void => {
    chosen.set(connection, topic);
    panels.rename(keyOf(connection), titleOf(topic, connection));
  };
  const showSent = (topic: string, since: number): void => {
    showTopic(room, panels, topic, viewSince(room, { topic, connection: undefined }, since));
  };

  const spec = (connection: string | undefined) => (closed: AbortSignal) => {
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
      title: titleOf(chosen.get(connection) ?? '', connection),
      handlers: {
        ...hostCalls(['ordersLakehouse.start', 'ordersLakehouse.editConnection', 'workbench.trust.manage']),
        ...generatorCalls({
          session,
          remember: (next) => void globalState.update(SETTINGS, next),
          mayStart: mustBeTrusted,
          showSent,
          describe: (error) => toFailure(error, room.log),
        }),
        ...messageCalls({
          cluster: () => placeAt(room, connection).cluster,
          maySend: mustBeTrusted,
          onSent: () => {
            room.dataChanged();
          },
          last: (topic) => parseDraft(workspaceState.get(draftOf({ topic, connection }))),
          remember: (topic, draft) => void workspaceState.update(draftOf({ topic, connection }), draft),
          show: (topic, sent) => {
            showTopic(room, panels, topic, viewOf(room, { topic, connection }, sent), connection);
          },
          asDocument: async (draft) => {
            await room.documentPlaces.set(await openAsDocument(room, [draft]), connection);
          },
        }),
        opened: async () => {
          const place = placeAt(room, connection);
          // The generator's orders are the sandbox's.
          const orderTopics = connection === undefined ? Object.values(TOPICS) : [];
          return {
            ...openedOn(chosen.get(connection) ?? '', await existing(place), orderTopics, settings()),
            connection: connection === undefined ? null : badgeOf(room.connections.get(connection)),
          };
        },
        choose: ({ topic }: { readonly topic: string }) => {
          choose(topic, connection);
          return null;
        },
      },
    };
  };

  return {
    show: (topic, connection) => {
      choose(topic, connection);
      panels.show<ProduceCalls>(keyOf(connection), spec(connection));
      panels.tell(keyOf(connection));
    },
  };
}
