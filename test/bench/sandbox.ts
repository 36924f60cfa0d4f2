/** A sandbox of the benchmarks' own, in a home that goes with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedFor } from '../../src/adapters/embedded/installed.ts';
import type { Endpoints, SandboxStatus } from '../../src/core/sandbox.ts';
import { cli } from './child.ts';

export interface Sandbox {
  readonly home: string;
  readonly endpoints: Endpoints;
  /** The sandbox's own Python and Java. */
  readonly python: string;
  readonly java: string;
  status(): Promise<SandboxStatus>;
  stop(): Promise<void>;
}

export async function startSandbox(): Promise<Sandbox> {
  const home = mkdtempSync(join(tmpdir(), 'orders-lakehouse-bench-'));
  const stop = async (): Promise<void> => {
    await cli(home, ['down']);
    rmSync(home, { recursive: true, force: true });
  };
  const status = async (): Promise<SandboxStatus> =>
    JSON.parse((await cli(home, ['status'])).stdout) as SandboxStatus;
  try {
    await cli(home, ['up', '--runtime', 'embedded']);
    const { endpoints } = await status();
    const installed = installedFor(home);
    if (!endpoints || !installed) throw new Error('the sandbox does not say where it listens');
    return { home, endpoints, python: installed.python, java: installed.java.java, status, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
