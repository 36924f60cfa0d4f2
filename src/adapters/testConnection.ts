/** Whether a connection works, part by part. */
import type { ClusterAccess } from '../core/access.ts';
import type { ConnectionTest } from '../core/connections.ts';
import { isUserError, messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { createCluster } from './cluster.ts';

async function tried(part: ConnectionTest['part'], work: () => Promise<string>): Promise<ConnectionTest> {
  try {
    return { part, good: true, text: await work() };
  } catch (error) {
    return {
      part,
      good: false,
      text: messageOf(error),
      ...(isUserError(error) && error.hint !== undefined ? { hint: error.hint } : {}),
    };
  }
}

/** Changes nothing there. Never rejects. */
export async function testConnection(access: ClusterAccess): Promise<readonly ConnectionTest[]> {
  const cluster = createCluster(() => Promise.resolve(access));
  try {
    return await Promise.all([
      tried('kafka', async () => {
        const topics = await (await cluster.broker()).topics();
        return t('Kafka answers. Topics that this login may see: {0}', topics.length);
      }),
      ...(access.registry
        ? [
            tried('registry', async () => {
              const subjects = await (await cluster.registry()).subjects();
              return t('The schema registry answers. Subjects: {0}', subjects.length);
            }),
          ]
        : []),
    ]);
  } finally {
    await cluster.close();
  }
}
