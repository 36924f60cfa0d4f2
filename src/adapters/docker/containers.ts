/** From the record of a home to its containers. */
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { PartName } from '../../core/sandbox.ts';
import type { Engine } from './engine.ts';
import { reconnect } from './findEngine.ts';
import type { DockerRecord } from './record.ts';

/** The container of a part of the sandbox that a record tells of; undefined when there is none. */
export async function containerOf(
  record: DockerRecord,
  part: PartName,
): Promise<
  | { readonly engine: Engine; readonly id: string; readonly since: string; readonly startedAt: string }
  | undefined
> {
  const engine = await reconnect(record.engine);
  const view = (await engine.containers(record.project, { measure: false })).find((one) => one.part === part);
  return view && { engine, id: view.id, since: view.since, startedAt: view.startedAt };
}

/** For the docker command: what it would find by itself (a context with its certificates, say) it shall find. */
export const hostFor = ({ engine }: DockerRecord): string | null =>
  engine.from === 'DOCKER_HOST' || engine.from.startsWith('docker context') ? null : engine.host;

export const sandboxStopped = (): UserError =>
  new UserError('sandbox-stopped', t('The sandbox is not running.'), {
    hint: t('Start it first: orders-lakehouse up'),
    action: { title: t('Start sandbox'), command: 'ordersLakehouse.start' },
  });
