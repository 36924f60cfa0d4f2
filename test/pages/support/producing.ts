/** The host of the produce page on a lakehouse in memory: the product's own session and answers, without VS Code. */
import { createGeneratorSession, type GeneratorSettings } from '../../../src/core/generatorSession.ts';
import { failureOf } from '../../../src/core/errors.ts';
import { generatorCalls, openedOn } from '../../../src/editor/produceCalls.ts';
import type { ProduceCalls } from '../../../src/wire/produce.ts';
import type { Failure, Handlers } from '../../../src/wire/rpc.ts';
import { memoryLakehouse, type MemoryLakehouse } from '../../support/memoryLakehouse.ts';
import { Refused } from './scriptedHost.ts';

export const SETTINGS: GeneratorSettings = { count: 1000, rate: 100, faults: {}, seed: null };

export interface Producing {
  readonly handlers: Handlers<ProduceCalls>;
  readonly memory: MemoryLakehouse;
  readonly session: ReturnType<typeof createGeneratorSession>;
  readonly remembered: GeneratorSettings[];
  readonly shown: (readonly [topic: string, since: number])[];
  readonly commands: string[];
  topic: string;
  /** While there is one, nothing may be started. */
  refusal: Failure | undefined;
}

export function producing(
  options: { readonly settings?: GeneratorSettings; readonly memory?: MemoryLakehouse } = {},
): Producing {
  const { settings = SETTINGS, memory = memoryLakehouse() } = options;
  const session = createGeneratorSession({
    lakehouse: () => memory.lakehouse,
    now: () => performance.now(),
  });
  const made: Producing = {
    memory,
    session,
    remembered: [],
    shown: [],
    commands: [],
    topic: 'orders',
    refusal: undefined,
    handlers: {
      copy: () => null,
      command: ({ id }) => {
        made.commands.push(id);
        return null;
      },
      ...generatorCalls({
        session,
        remember: (next) => {
          made.remembered.push(next);
        },
        mayStart: () => {
          if (made.refusal) throw new Refused(made.refusal);
        },
        showSent: (topic, since) => {
          made.shown.push([topic, since]);
        },
        describe: failureOf,
      }),
      opened: () => openedOn(made.topic, ['payments'], made.remembered.at(-1) ?? settings),
      choose: ({ topic }) => {
        made.topic = topic;
        return null;
      },
    },
  };
  return made;
}
