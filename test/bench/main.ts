/** The benchmarks, all or those named, and docs/benchmarks.md with what they gave. */
import { join } from 'node:path';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { benchActivation } from './activation.ts';
import { benchDeploy } from './deploy.ts';
import { loadNow, machine } from './machine.ts';
import { benchPipeline } from './pipeline.ts';
import { benchProduce } from './produce.ts';
import { writeMeasured } from './report.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { benchSizes } from './sizes.ts';
import { benchImage, benchStart } from './start.ts';
import { benchTopic } from './topic.ts';
import { benchView } from './view.ts';

interface Bench {
  readonly name: string;
  /** What it measured, by the part of the document it belongs in. */
  readonly run: (sandbox: () => Promise<Sandbox>) => Promise<Readonly<Record<string, string>>>;
}

const BENCHES: readonly Bench[] = [
  // First, while nothing has run: it also looks at the memory of a sandbox at rest.
  { name: 'pipeline', run: async (sandbox) => ({ ...(await benchPipeline(await sandbox())) }) },
  { name: 'produce', run: async (sandbox) => ({ produce: await benchProduce(await sandbox()) }) },
  { name: 'view', run: async (sandbox) => ({ view: await benchView(await sandbox()) }) },
  { name: 'topic', run: async (sandbox) => ({ topic: await benchTopic(await sandbox()) }) },
  { name: 'deploy', run: async () => ({ deploy: await benchDeploy() }) },
  { name: 'start', run: async () => ({ start: await benchStart() }) },
  { name: 'image', run: async () => ({ image: await benchImage() }) },
  { name: 'activation', run: async () => ({ activation: await benchActivation() }) },
  { name: 'sizes', run: async () => ({ sizes: await benchSizes() }) },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    console.error(
      `No benchmark ${unknown.join(', ')}. There are: ${BENCHES.map(({ name }) => name).join(', ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const document = join(resourceFolder(), 'docs', 'benchmarks.md');
  const busy = loadNow();
  let sandbox: Promise<Sandbox> | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    process.once('SIGINT', () => {
      reject(new Error('interrupted'));
    });
  });
  const runAll = async (): Promise<void> => {
    for (const { name, run } of BENCHES) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      console.log(`\n━━ ${name}`);
      const measured = await run(() => (sandbox ??= startSandbox()));
      for (const [part, body] of Object.entries(measured)) {
        console.log(`\n${body}`);
        writeMeasured(document, part, body);
      }
    }
    writeMeasured(document, 'machine', machine(busy));
  };
  try {
    await Promise.race([runAll(), interrupted]);
  } finally {
    await (await sandbox?.catch(() => undefined))?.stop();
  }
}

void main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
