/** The thread of a message viewer, as its host calls it. */
import { startTopicThread } from '../../../src/adapters/topicThread.ts';
import type { ClusterAccess } from '../../../src/core/access.ts';
import { createPeer, type Contract, type Peer } from '../../../src/wire/rpc.ts';
import type { ThreadCalls, ThreadNotices } from '../../../src/wire/topic.ts';

type Nothing = Readonly<Record<string, never>>;

export type TopicPeer = Peer<ThreadCalls, Nothing>;

export function openTopicPeer(
  topic: string,
  access: ClusterAccess,
  onChanged: () => void = () => undefined,
): { readonly peer: TopicPeer; readonly close: () => void } {
  const thread = startTopicThread({ topic, access, locale: 'en' });
  const peer = createPeer<Contract, ThreadNotices, ThreadCalls, Nothing>({
    port: thread,
    handlers: {},
    listeners: { changed: onChanged, written: () => undefined },
    describe: (error) => ({ code: 'fault', message: String(error) }),
  });
  return {
    peer,
    close: () => {
      peer.close();
      thread.close();
    },
  };
}
