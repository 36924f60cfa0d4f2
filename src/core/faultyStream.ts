/** Puts faults into a stream of order lines. */
import { FAULTS, type Faulty, type FaultName, type FaultShares } from './faults.ts';
import type { OrderLine } from './orders.ts';
import { createRandom, cumulate, type Random } from './random.ts';

export interface Item extends Faulty {
  readonly fault?: FaultName;
}

/** Sound lines that a duplicate may repeat. */
const REMEMBERED_LINES = 500;
/** A late line comes this many lines after its place. */
const LATE_BY = { least: 20, most: 200 };

interface Late {
  readonly line: OrderLine;
  readonly due: number;
}

/**
 * Each line is drawn its fault, or none. A late line is counted where it comes at last, not where it is missing.
 * `shares` is asked for each line, so that they may change; as long as they are the same ones, the stream depends on the
 * seed alone.
 */
export function* withFaults(
  lines: Iterator<OrderLine, unknown>,
  shares: FaultShares | (() => FaultShares),
  seed: number,
): Generator<Item, void> {
  const random: Random = createRandom(seed ^ 0x5eed);
  const current = typeof shares === 'function' ? shares : () => shares;
  let drawnFrom: FaultShares | undefined;
  let names: readonly FaultName[] = [];
  let bounds: readonly number[] = [];
  const sound: OrderLine[] = [];
  const held: Late[] = [];
  let position = 0;

  const draw = (): FaultName | undefined => {
    const now = current();
    if (now !== drawnFrom) {
      drawnFrom = now;
      names = [...now.keys()];
      bounds = cumulate([...now.values()]);
    }
    if (names.length === 0) return undefined;
    const at = random.next();
    const index = bounds.findIndex((bound) => at < bound);
    return index < 0 ? undefined : names[index];
  };
  const next = (): OrderLine | undefined => {
    const result = lines.next();
    return result.done ? undefined : result.value;
  };
  const remember = (line: OrderLine): void => {
    if (sound.length < REMEMBERED_LINES) sound.push(line);
    else sound[position % REMEMBERED_LINES] = line;
  };

  for (; ; position += 1) {
    const [late] = held;
    if (late && late.due <= position) {
      held.shift();
      yield { line: late.line, fault: 'late' };
      continue;
    }
    const fault = draw();
    if (fault === 'duplicate' && sound.length > 0) {
      yield { line: random.pick(sound), fault };
      continue;
    }
    let line = next();
    if (fault === 'late' && line) {
      const due = position + random.integer(LATE_BY.least, LATE_BY.most);
      held.push({ line, due });
      held.sort((one, other) => one.due - other.due);
      line = next();
    }
    if (!line) return;
    const faulty = fault && FAULTS[fault].apply?.(line, random);
    if (faulty) yield { ...faulty, fault };
    else {
      remember(line);
      yield { line };
    }
  }
}
