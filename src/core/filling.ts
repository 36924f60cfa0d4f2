/** Where the placeholders of messages are filled from. */
import type { Filling } from './placeholders.ts';

/** Each call counts one further, from 1. */
export function createFillings(): () => Filling {
  let seq = 0;
  return () => {
    seq += 1;
    return {
      seq,
      nowMs: Date.now(),
      uuid: () => crypto.randomUUID(),
      random: Math.random,
    };
  };
}
