import { t } from '../../core/l10n.ts';
import { portHolder } from '../embedded/portHolder.ts';
import { isFree } from '../embedded/ports.ts';
import type { Check, Examined, Found } from './check.ts';

/** Name of the port → setting that pins it in the editor. */
const SETTINGS: Readonly<Record<string, string>> = {
  'kafka.broker': 'ports.kafka',
  'registry.http': 'ports.registry',
  'spark.connect': 'ports.sparkConnect',
  'spark.sql': 'ports.sparkSql',
};

async function takenFound(name: string, port: number): Promise<Found> {
  const holder = await portHolder(port);
  const who = holder ? t('{0} (process {1})', holder.program, holder.pid) : t('another program');
  return {
    status: 'problem',
    evidence: t('Port {0}, set for {1}, is held by {2}.', port, name, who),
    fix: t(
      'End that program, or set another port for {0} in ordersLakehouse.ports or ORDERS_LAKEHOUSE_PORTS.',
      name,
    ),
    mend: { kind: 'setting', name: SETTINGS[name] ?? 'ports', label: t('Set another port') },
  };
}

async function portsFound({ settings, status }: Examined): Promise<readonly Found[]> {
  const ours = new Set(status.parts.flatMap((part) => Object.values(part.ports)));
  const taken: Found[] = [];
  for (const [name, port] of Object.entries(settings.pinnedPorts)) {
    if (!ours.has(port) && !(await isFree(port))) taken.push(await takenFound(name, port));
  }
  if (taken.length > 0) return taken;
  const evidence =
    ours.size > 0
      ? t('Held by this sandbox: {0}', [...ours].join(', '))
      : t('Free ports are chosen at each start; none is pinned to a taken one');
  return [{ status: 'ok', evidence }];
}

export const portsCheck = (): Check => ({ id: 'ports', title: t('Ports'), look: portsFound });
