/** A consumer of the newer protocol (KIP-848), on the jars, the Java and the Python of a running sandbox. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'newerConsumer.py');

export interface NewerConsumer {
  readonly memberId: string;
  /** Resolves when it has left its group. */
  stop(): Promise<void>;
}

/** Resolves when it has partitions to read; it commits what it reads. Its client id is `newer`. */
export async function startNewerConsumer(
  home: string,
  bootstrap: string,
  topic: string,
  groupId: string,
): Promise<NewerConsumer> {
  const { python, kafka } = JSON.parse(readFileSync(join(home, 'run', 'installed.json'), 'utf8')) as {
    python: string;
    kafka: string;
  };
  const child = spawn(python, [PROGRAM, kafka, bootstrap, topic, groupId], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const said = new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  const memberId = await Promise.race([
    said,
    ended.then((code) => {
      throw new Error(`the consumer ended with ${String(code)} before it read`);
    }),
  ]);
  return {
    memberId,
    stop: async () => {
      child.stdin.end();
      const code = await ended;
      if (code !== 0) throw new Error(`the consumer ended with ${String(code)}`);
    },
  };
}
