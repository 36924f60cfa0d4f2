/** A cluster through which nothing is written. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { Broker, Cluster, SubjectRegistry, TopicAdmin } from './ports.ts';

/** `name` is the connection's, for the refusal: UserError `read-only`. */
export function readOnly<C extends Cluster>(cluster: C, name: string, id: string): C {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new UserError('read-only', t('{0} is read-only.', name), {
        hint: t('Nothing was written. Whoever may write there turns that off in the connection.'),
        action: { title: t('Edit connection'), command: 'ordersLakehouse.editConnection', args: [id] },
      }),
    );
  return {
    ...cluster,
    broker: async (): Promise<Broker> => ({
      ...(await cluster.broker()),
      ensureTopic: refuse,
      producer: refuse,
    }),
    topicAdmin: async (): Promise<TopicAdmin> => ({
      ...(await cluster.topicAdmin()),
      create: refuse,
      configure: refuse,
      purge: refuse,
      remove: refuse,
      commit: refuse,
    }),
    registry: async (): Promise<SubjectRegistry> => ({
      ...(await cluster.registry()),
      register: refuse,
      setCompatibility: refuse,
      deleteVersion: refuse,
      deleteSubject: refuse,
    }),
  };
}
