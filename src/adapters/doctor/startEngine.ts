/** How a Docker engine is started, where that needs no administrator. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isUserError, UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { findEngine } from '../docker/findEngine.ts';
import { run, type Command } from '../process.ts';

/** Undefined where no program is known that the person may start. */
export function startOfEngine(
  platform: NodeJS.Platform,
  exists: (path: string) => boolean,
  home: string,
): Command | undefined {
  if (platform === 'darwin') {
    const app = ['Docker', 'OrbStack', 'Rancher Desktop'].find((name) => exists(`/Applications/${name}.app`));
    return app === undefined ? undefined : { command: 'open', args: ['-a', app] };
  }
  if (platform === 'win32') {
    const program = 'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe';
    return exists(program) ? { command: 'cmd.exe', args: ['/c', 'start', '', program] } : undefined;
  }
  const units: readonly (readonly [unit: string, path: string])[] = [
    ['docker-desktop', '/usr/lib/systemd/user/docker-desktop.service'],
    ['docker', join(home, '.config/systemd/user/docker.service')],
    ['docker', '/usr/lib/systemd/user/docker.service'],
  ];
  const unit = platform === 'linux' ? units.find(([, path]) => exists(path))?.[0] : undefined;
  return unit === undefined ? undefined : { command: 'systemctl', args: ['--user', 'start', unit] };
}

const PATIENCE_MS = 120_000;
const POLL_MS = 1000;

/** Resolves when it answers. Throws UserError `engine-not-started`. */
export async function startEngine(onEvent: OnEvent): Promise<void> {
  const command = startOfEngine(process.platform, existsSync, homedir());
  const hint = t('Start Docker yourself, as its documentation says.');
  if (!command)
    throw new UserError('engine-not-started', t('No Docker was found that could be started.'), { hint });
  onEvent({ type: 'phase', phase: t('Starting Docker') });
  const { code, tail } = await run(command, { timeoutMs: PATIENCE_MS });
  if (code !== 0)
    throw new UserError('engine-not-started', t('Docker did not start: {0}', tail.join(' ')), { hint });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await findEngine();
      return;
    } catch (error) {
      if (!isUserError(error) || Date.now() > deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}
