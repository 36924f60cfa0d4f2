// Bundles the product into dist/: the extension, the terminal, the supervisor, the thread of a message viewer, each heavy client, each page.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = (path) => join(root, 'src', path);
/** Loaded with import() at first use, each as dist/clients/NAME.js. */
const CLIENTS = [
  'kafkaClients',
  'schemaRegistry',
  'connectionFiles',
  'testConnection',
  'codec',
  'protobuf',
  'jsonValidator',
  'messageFiles',
  'csv',
  'csvExport',
  'parquetFile',
  'tables',
  'warehouseTables',
  'embedded',
  'docker',
  'dockerEngine',
  'doctor',
  'spark',
  'snapshot',
  'databricks',
  'bundle',
  'parity',
];

/** `folder` of the clients as seen from the bundles that load them. */
const lazyClients = (folder) => ({
  name: 'lazy-clients',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, (args) => {
      const client = basename(args.path, '.ts');
      if (args.kind !== 'dynamic-import' || !CLIENTS.includes(client)) return undefined;
      return { path: `${folder}/${client}.js`, external: true };
    });
  },
});

/** Modules that their package asks for and we never reach, by who asks: [who, what]. */
const LEFT_OUT = [
  // Images are built by `docker compose`, never over a BuildKit session, which would bring all of gRPC.
  [/[\\/]dockerode[\\/]/, /^\.\/session$/],
  // Its logger, its logins through a browser (ours come from the editor), and its second driver, which is native code.
  [
    /[\\/]@databricks[\\/]sql[\\/]/,
    /^(winston|openid-client|open|lz4-napi|@databricks\/databricks-sql-kernel-.*|.*\.node)$/,
  ],
  // Proxies that a script chooses would bring a JavaScript engine.
  [/[\\/]proxy-agent[\\/]/, /^pac-proxy-agent$/],
];

const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: /^[^/]/ }, ({ importer, path }) =>
      LEFT_OUT.some(([who, what]) => who.test(importer) && what.test(path))
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: 'module.exports = undefined;',
    }));
  },
};

/** Builds everything once; `dist` elsewhere keeps two builds apart. */
export async function build({ outdir = join(root, 'dist'), production = true } = {}) {
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    logLevel: 'warning',
    legalComments: 'none',
  };
  // Proxies that want Kerberos are not served; what would do it is never asked for.
  const external = ['vscode', 'kerberos'];
  const node = { ...common, platform: 'node', target: 'node20', format: 'cjs', external };
  const mains = ['extension', 'cli', 'supervisor', 'topicWorker'].filter((name) =>
    existsSync(src(`${name}.ts`)),
  );
  const pages = existsSync(src('webviews'))
    ? readdirSync(src('webviews')).filter((name) => name.endsWith('Page.ts'))
    : [];
  await Promise.all([
    esbuild.build({
      ...node,
      entryPoints: mains.map((name) => src(`${name}.ts`)),
      outdir,
      plugins: [lazyClients('./clients')],
    }),
    esbuild.build({
      ...node,
      entryPoints: CLIENTS.map((name) => src(`adapters/${name}.ts`)),
      outdir: join(outdir, 'clients'),
      plugins: [lazyClients('.'), leaveOut],
      // Its first form, UMD, cannot be bundled.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      // Native helpers of ssh2, which goes on without them.
      external: [...external, '*.node', 'cpu-features'],
    }),
    esbuild.build({
      ...common,
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      entryPoints: pages.map((name) => src(join('webviews', name))),
      outdir: join(outdir, 'webviews'),
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await build({ production: !process.argv.includes('--dev') });
