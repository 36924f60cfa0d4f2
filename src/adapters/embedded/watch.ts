/** Follows the sandbox without containers: states by the supervisor's file, memory and CPU from its processes. */
import type { SandboxStatus } from '../../core/sandbox.ts';
import { homeLayout } from '../home.ts';
import { watchFile } from '../homeWatch.ts';
import { processorTimeOf } from '../processIdentity.ts';
import { statusOfHome } from './status.ts';

/** Milliseconds between two measurements, and between two looks whether the processes are still there. */
const MEASURE_MS = 3000;

export interface CpuMeter {
  /** The status with what each part used of the processor since the call before. */
  measure(status: SandboxStatus): SandboxStatus;
}

export function createCpuMeter(
  timeOf = processorTimeOf,
  now: () => number = () => performance.now(),
): CpuMeter {
  let before = new Map<number, { readonly used: number; readonly at: number; readonly percent?: number }>();
  return {
    measure: (status) => {
      const at = now();
      const next: typeof before = new Map();
      const parts = status.parts.map((part) => {
        const used = part.pid === undefined ? undefined : timeOf(part.pid);
        if (part.pid === undefined || used === undefined) return part;
        const last = before.get(part.pid);
        // Two looks in a row, after a change of state, would measure nothing but the steps of the clock.
        const soon = last !== undefined && at - last.at < MEASURE_MS / 3;
        const cpuPercent = soon
          ? last.percent
          : last && Math.max(0, ((used - last.used) / (at - last.at)) * 100);
        const percent = cpuPercent === undefined ? {} : { percent: cpuPercent };
        next.set(part.pid, soon ? last : { used, at, ...percent });
        return cpuPercent === undefined ? part : { ...part, cpuPercent };
      });
      before = next;
      return { ...status, parts };
    },
  };
}

export function watchEmbedded(
  home: string,
  onStatus: (status: SandboxStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  const meter = createCpuMeter();
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      clearTimeout(timer);
      if (signal.aborted) return;
      try {
        const status = statusOfHome(home);
        // A sandbox that is stopped comes back by its file.
        if (status.state !== 'stopped') timer = setTimeout(look, MEASURE_MS);
        onStatus(meter.measure(status));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        endWatch();
      }
    };
    const unwatch = watchFile(homeLayout(home).state, look);
    const endWatch = (): void => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    if (signal.aborted) endWatch();
    else signal.addEventListener('abort', endWatch, { once: true });
    look();
  });
}
