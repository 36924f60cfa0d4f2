/** Ports of a sandbox: pinned ones must be free, remembered ones are kept when they are, the rest are found. */
import { createServer, type Server } from 'node:net';
import { UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { readJson } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { portHolder } from './portHolder.ts';

/** `part.port`, as in the setting of pinned ports. */
export const PORT_NAMES = [
  'kafka.broker',
  'kafka.controller',
  'registry.http',
  'registry.management',
  'spark.connect',
  'spark.sql',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** Those of the last start, in either runtime. */
export const rememberedPorts = (layout: HomeLayout): Partial<Ports> =>
  (readJson(layout.ports) as Partial<Ports> | undefined) ?? {};

// Below the ranges that Linux (32768…) and macOS (49152…) hand out to outgoing connections, so that it stays free.
const FIRST = 20_000;
const COUNT = 12_000;
const TRIES = 200;

/** Holds the port until closed; undefined when it is taken. */
function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      resolve(server);
    });
  });
}

export async function isFree(port: number): Promise<boolean> {
  const server = await hold(port);
  await new Promise<void>((resolve) => {
    if (server)
      server.close(() => {
        resolve();
      });
    else resolve();
  });
  return server !== undefined;
}

async function describeHolder(port: number): Promise<string> {
  const holder = await portHolder(port);
  return holder === undefined ? t('another program') : t('{0} (process {1})', holder.program, holder.pid);
}

/** Throws UserError `port-taken` for a pinned port that another program holds. */
export async function choosePorts(
  pinned: Readonly<Record<string, number>>,
  remembered: Partial<Ports>,
  onEvent: OnEvent,
): Promise<Ports> {
  for (const name of Object.keys(pinned)) {
    if (!(PORT_NAMES as readonly string[]).includes(name)) {
      throw new UserError('unknown-port', t('There is no port called "{0}".', name), {
        hint: t('The ports are: {0}.', PORT_NAMES.join(', ')),
      });
    }
  }
  // All are held until the last is chosen, so that no two get the same.
  const held: Server[] = [];
  const take = async (port: number): Promise<boolean> => {
    const server = await hold(port);
    if (server) held.push(server);
    return server !== undefined;
  };
  const choose = async (name: PortName): Promise<number> => {
    const wanted = pinned[name];
    if (wanted !== undefined) {
      if (await take(wanted)) return wanted;
      throw new UserError(
        'port-taken',
        t('Port {0}, set for {1}, is held by {2}.', wanted, name, await describeHolder(wanted)),
        { hint: t('End that program, or set another port for {0} in ordersLakehouse.ports.', name) },
      );
    }
    const before = remembered[name];
    if (before !== undefined) {
      if (await take(before)) return before;
      const message = t(
        'Port {0} of {1} is now held by {2}; another is used.',
        before,
        name,
        await describeHolder(before),
      );
      onEvent({ type: 'message', level: 'warning', message });
    }
    const taboo = new Set(Object.values(pinned));
    for (let tries = 0; tries < TRIES; tries++) {
      const port = FIRST + Math.floor(Math.random() * COUNT);
      if (!taboo.has(port) && (await take(port))) return port;
    }
    throw new UserError('no-free-port', t('No free port was found for {0}.', name));
  };
  try {
    const chosen: Partial<Record<PortName, number>> = {};
    // Pinned ones first, so that no other name takes them.
    const order = [...PORT_NAMES].sort((a, b) => Number(b in pinned) - Number(a in pinned));
    for (const name of order) chosen[name] = await choose(name);
    return chosen as Ports;
  } finally {
    await Promise.all(
      held.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
          }),
      ),
    );
  }
}
