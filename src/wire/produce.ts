/** The page that produces to a topic, and its host. */
import type { FaultName } from '../core/faults.ts';
import type { GeneratorSettings, GeneratorState } from '../core/generatorSession.ts';
import type { HostCalls } from './page.ts';
import type { Failure } from './rpc.ts';

export type { FaultName } from '../core/faults.ts';
export type { GeneratorPhase, GeneratorSettings, GeneratorState } from '../core/generatorSession.ts';

export interface FaultInfo {
  readonly name: FaultName;
  /** What becomes of such a line, as a person reads it. */
  readonly effect: string;
}

export interface OpenedProduce {
  readonly topic: string;
  /** What there is to choose from, this one among them. */
  readonly topics: readonly string[];
  /** Those that the generator's orders go to. */
  readonly orderTopics: readonly string[];
  readonly faults: readonly FaultInfo[];
  /** The share of each fault when a person wants a little of everything. */
  readonly typicalShare: number;
  /** Of the last time. */
  readonly settings: GeneratorSettings;
}

export interface GeneratorLook extends GeneratorState {
  /** Why it ended too early. */
  readonly failure: Failure | null;
}

export type GeneratorCalls = {
  readonly start: {
    readonly params: { readonly topic: string; readonly settings: GeneratorSettings };
    readonly result: null;
  };
  /** Keeps them for the next time; rate and faults hold at once for what runs. */
  readonly set: { readonly params: GeneratorSettings; readonly result: null };
  readonly pause: { readonly params: null; readonly result: null };
  readonly resume: { readonly params: null; readonly result: null };
  /** Answers when all that was on its way is acknowledged. */
  readonly stop: { readonly params: null; readonly result: null };
  readonly look: { readonly params: null; readonly result: GeneratorLook };
  /** Opens the topic at what was sent. */
  readonly showSent: { readonly params: null; readonly result: null };
};

export type ProduceCalls = HostCalls &
  GeneratorCalls & {
    readonly opened: { readonly params: null; readonly result: OpenedProduce };
    /** Another topic. */
    readonly choose: { readonly params: { readonly topic: string }; readonly result: null };
  };
