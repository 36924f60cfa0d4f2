/**
 * What a test must know of the runtime that it runs on; all else is the same in both. ORDERS_LAKEHOUSE_RUNTIME names it,
 * as it does for the product.
 */
import type { PartName, RuntimeName } from '../../../src/core/sandbox.ts';
import { containersGround } from './runtimeDocker.ts';
import { processesGround } from './runtimeEmbedded.ts';

/** A process or a container in one of its lives, by a name that no other one bears. */
export type Life = string;

export interface Ground {
  readonly name: RuntimeName;
  /** How many lives a sandbox that runs has. */
  readonly size: number;
  /** All lives of a home, in the order of their names. */
  lives(home: string): Promise<readonly Life[]>;
  lifeOf(home: string, part: PartName): Promise<Life>;
  readonly isAlive: (life: Life) => boolean;
  /** Ends the part's program as a crash or the kernel would. */
  kill(home: string, part: PartName): Promise<void>;
  /** Lets the part hang, until `resume`. */
  pause(home: string, part: PartName): Promise<void>;
  resume(home: string, part: PartName): Promise<void>;
  /** Every address that a sandbox listens on, without the port. */
  addresses(home: string): Promise<readonly string[]>;
  /** The lines of the event log of a home's runs. */
  eventLog(home: string): Promise<readonly string[]>;
  /** What listens on a port of another sandbox, as an error names it. */
  readonly portHolder: RegExp;
  /** Everything a sandbox may leave behind; `folder` holds the homes. */
  inventory(folder: string): unknown;
}

export const ground: Ground =
  process.env['ORDERS_LAKEHOUSE_RUNTIME'] === 'docker' ? containersGround : processesGround;
