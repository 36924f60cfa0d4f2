// The suites of `npm test`, in their order, and what they need.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, tool } from '../scripts/exec.mjs';
import { root } from '../scripts/setup.mjs';
import { testPackages } from './python.mjs';

/** Counts of mocha and pytest; a runner that ended badly without a count has failed once. */
export function counts({ code, output }) {
  const last = (pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
  const passed = last(/(\d+) (?:passing|passed)\b/g);
  const failed = last(/(\d+) (?:failing|failed)\b/g) + last(/(\d+) errors?\b/g);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

const mocha = async (...args) => counts(await exec(tool('mocha'), args));
const liveArgs = (...files) => [
  ...['--node-option', 'import=tsx'],
  ...files.map((file) => `test/live/${file}.test.ts`),
];
const live = (...files) => mocha(...liveArgs(...files));
/** A story ends where it fails; the others go on. */
const journey = (file) => mocha('--config', 'test/journey/.mocharc.json', `test/journey/${file}.test.ts`);

/**
 * Tests of a live suite that are not run again in Docker: the supervisor is the embedded sandbox's own; most others hold
 * what the product does before or beside a runtime; some are left out for their time alone.
 */
const EMBEDDED_ONLY = {
  sandbox: ['says honestly that its supervisor was killed'],
  orders: [
    'takes a row of a megabyte',
    'names what is wrong with a file',
    'says that the disk is full, and what was sent until then',
    'tells what was sent when Kafka goes and stays away',
    'refuses what it does not know as wrong use',
    'sends the same again for the same seed and clock',
    'reads messages that were compressed',
  ],
  pipeline: ['keeps one of each line when the file is imported again'],
  crash: [
    'when Spark was killed',
    'refuses a second run beside it, stops when it is cancelled',
    'when Kafka was killed',
    'when the terminal was killed',
  ],
};
/** Live tests that need a sandbox, and none of their own. */
const ON_SHARED = [
  'topic',
  'parquet',
  'topicAdmin',
  'newerGroup',
  'schemas',
  'decoding',
  'generator',
  'messageForm',
  'send',
  'connections',
  'databricksSql',
  'compare',
];
const program = join(root, 'dist', 'cli.js');

/** The tests of a live suite on the other runtime. */
const inDocker = async (name, file = name) => {
  const env = { ...(await localDocker()), ORDERS_LAKEHOUSE_RUNTIME: 'docker' };
  const left = EMBEDDED_ONLY[name].join('|');
  return counts(await exec(tool('mocha'), [...liveArgs(file), '--grep', left, '--invert'], { env }));
};

/** Starts the sandbox that suites share at the first call; the later ones find it running. */
async function sharedSandbox({ home }) {
  const { code, output } = await exec(process.execPath, [program, 'up', '--home', home], { echo: false });
  if (code !== 0) throw new Error(`the sandbox did not start:\n${output}`);
  const state = JSON.parse(readFileSync(join(home, 'run', 'sandbox.json'), 'utf8'));
  const installed = JSON.parse(readFileSync(join(home, 'run', 'installed.json'), 'utf8'));
  return { endpoints: state.endpoints, python: installed.python };
}

/** Thrown by a suite that this machine cannot run; in CI that is a failure. */
export class CannotRun extends Error {}

/** In CI no image registry can be reached: the engine, and images of our own, which this waits for. */
async function localDocker() {
  if (process.env.CI) return (dockerReady ??= makeDockerReady());
  const { code } = await exec('docker', ['version'], { echo: false });
  if (code !== 0) throw new CannotRun('no Docker engine answers: start one, or make one with .ci/docker.sh');
  return {};
}
let dockerReady;

async function makeDockerReady() {
  const engine = await exec(join(root, '.ci', 'docker.sh'), []);
  if (engine.code !== 0) throw new Error('Docker did not come up');
  const { code, output } = await exec(process.execPath, ['scripts/images.mjs'], { echo: false });
  if (code !== 0) throw new Error(`the images were not built:\n${output}`);
  return Object.fromEntries(
    [...output.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
  );
}

/** Puts the VS Code of the tests into the cache; those who need it wait for it. */
const installVscode = () => {
  const script = "void require('./test/support/installVscode.ts').installVscode()";
  return exec(process.execPath, ['--import', 'tsx', '-e', script]);
};

/** Runs a command of the sandbox's Python with the test packages beside its own. */
async function python(context, args, env = {}) {
  const { endpoints, python: program } = await sharedSandbox(context);
  const packages = await testPackages(program);
  return exec(program, ['-B', ...args], {
    cwd: join(root, 'sandbox'),
    env: {
      PYTHONPATH: packages,
      PATH: `${join(packages, 'bin')}:${process.env.PATH}`,
      SPARK_REMOTE: endpoints.sparkConnect,
      KAFKA_BOOTSTRAP: endpoints.bootstrap,
      REGISTRY_URL: endpoints.registryUrl,
      ...env,
    },
  });
}

const PYTEST = ['-m', 'pytest', '-p', 'no:cacheprovider'];

/** One check without tests of its own: it passed, or failed once. */
const asOne = ({ code }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
const sum = (results) => ({
  passed: results.reduce((all, { passed }) => all + passed, 0),
  failed: results.reduce((all, { failed }) => all + failed, 0),
});

export const SUITES = [
  {
    name: 'check',
    run: async () => {
      const { code, output } = await exec(process.execPath, ['scripts/check.mjs', '--whole']);
      const passed = Number(/(\d+) unit tests passed/.exec(output)?.[1] ?? 0);
      const failed = Number(/(\d+) failing/.exec(output)?.[1] ?? 0);
      return { passed: passed + (code === 0 ? 1 : 0), failed: code !== 0 && failed === 0 ? 1 : failed };
    },
  },
  { name: 'pages', run: () => mocha('--config', 'test/pages/.mocharc.json') },
  {
    name: 'python',
    needsSandbox: true,
    run: async (context) =>
      sum([
        asOne(await python(context, ['-m', 'ruff', 'check', '.'])),
        asOne(await python(context, ['-m', 'mypy'])),
        counts(await python(context, [...PYTEST, '--ignore', 'tests/live'])),
      ]),
  },
  {
    name: 'python-live',
    needsSandbox: true,
    run: async (context) => counts(await python(context, [...PYTEST, 'tests/live'])),
  },
  {
    name: 'vscode',
    needsSandbox: true,
    needsVscode: true,
    run: async (context) => {
      await sharedSandbox(context);
      return counts(
        await exec(tool('tsx'), ['test/host/run.ts'], { env: { ORDERS_LAKEHOUSE_HOME: context.home } }),
      );
    },
  },
  {
    name: 'topics',
    needsSandbox: true,
    run: async ({ home, ...context }) => {
      await sharedSandbox({ home, ...context });
      return counts(
        await exec(tool('mocha'), liveArgs(...ON_SHARED), { env: { ORDERS_LAKEHOUSE_HOME: home } }),
      );
    },
  },
  {
    name: 'journey',
    needsVscode: true,
    run: () => journey('firstGold'),
  },
  { name: 'journey-databricks', needsVscode: true, run: () => journey('databricks') },
  { name: 'install', run: () => live('install') },
  { name: 'sandbox', run: () => live('sandbox') },
  { name: 'doctor', run: () => live('doctor') },
  { name: 'watch', run: () => live('watch') },
  // Against a fake workspace: it needs no sandbox.
  { name: 'deploy', run: () => live('deploy', 'deployCheck', 'deployBundle') },
  { name: 'orders', run: () => live('orders') },
  { name: 'pipeline', run: () => live('pipeline') },
  { name: 'crash', run: () => live('runCrash') },
  {
    name: 'docker',
    run: async () =>
      counts(
        await exec(
          tool('mocha'),
          liveArgs('docker', 'dockerByHand', 'dockerFaults', 'dockerWatch', 'doctorDocker'),
          {
            env: await localDocker(),
          },
        ),
      ),
  },
  { name: 'sandbox-docker', run: () => inDocker('sandbox') },
  { name: 'orders-docker', run: () => inDocker('orders') },
  { name: 'pipeline-docker', run: () => inDocker('pipeline') },
  { name: 'crash-docker', run: () => inDocker('crash', 'runCrash') },
  {
    name: 'snapshot',
    run: async () => counts(await exec(tool('mocha'), liveArgs('snapshot'), { env: await localDocker() })),
  },
];

/** What the suites share. The slow installs start at once, side by side, while the first suites run. */
export async function prepare(suites, folder) {
  const context = { folder, home: join(folder, 'shared') };
  const pending = [];
  if (suites.some((suite) => suite.needsVscode)) pending.push(installVscode());
  // A failed start is told by the first suite that needs the sandbox.
  if (suites.some((suite) => suite.needsSandbox)) pending.push(sharedSandbox(context).catch(() => undefined));
  return { ...context, pending: Promise.all(pending) };
}

/** Ends every sandbox that still runs: the shared one, and those of suites that were interrupted. */
export async function cleanUp({ folder, pending }) {
  await pending;
  const found = readdirSync(folder, { recursive: true });
  // What lies in volumes of Docker does not go away with the folder.
  for (const [state, ...verb] of [
    ['sandbox.json', 'down'],
    ['docker.json', 'reset', '--yes'],
  ]) {
    const path = join('run', state);
    for (const home of found.filter((one) => one.endsWith(path)).map((one) => one.slice(0, -path.length))) {
      const quietly = { echo: false, always: true };
      const file = join(folder, home, path);
      // The suite that was interrupted tidies up too.
      if (!existsSync(file)) continue;
      const { project } = JSON.parse(readFileSync(file, 'utf8'));
      const { code } = await exec(
        process.execPath,
        [program, ...verb, '--home', join(folder, home)],
        quietly,
      );
      // Its way to the engine went away with the test that carried it.
      if (code !== 0 && project) {
        await exec('docker', ['compose', '--project-name', project, 'down', '--volumes'], quietly);
      }
    }
  }
}
