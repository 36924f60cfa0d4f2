/** `docker compose` on the file of the product, for one project. */
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { run, type Command, type Finished, type RunOptions } from '../process.ts';
import { resourceFolder } from '../resources.ts';

/** The file, as a person's variables make it. */
export interface ComposeConfig {
  readonly services: Readonly<
    Record<
      string,
      { readonly image: string; readonly build?: { readonly args?: Readonly<Record<string, string>> } }
    >
  >;
}

export interface Compose {
  readonly version: string;
  /** A command of compose as a value. */
  command(args: readonly string[]): Command;
  /** Runs it to its end. Throws UserError `compose-failed`. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Asked once. */
  config(): Promise<ComposeConfig>;
  /** Name of each service's image. */
  images(): Promise<Readonly<Record<string, string>>>;
}

export interface ComposeOptions {
  readonly project: string;
  /** The engine, as in DOCKER_HOST; null when the docker command finds it by itself. */
  readonly host: string | null;
  /** Variables of docker-compose.yml. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A person's own settings for another project must not reach into this one. */
const FOREIGN = {
  COMPOSE_FILE: null,
  COMPOSE_PROJECT_NAME: null,
  COMPOSE_PROFILES: null,
  COMPOSE_ENV_FILES: null,
};

type Program = readonly [command: string, ...args: string[]];
const PROGRAMS: readonly Program[] = [['docker', 'compose'], ['docker-compose']];

/** Throws UserError `compose-missing`. */
async function findProgram(): Promise<{ readonly program: Program; readonly version: string }> {
  const seen: string[] = [];
  for (const program of PROGRAMS) {
    const [command, ...args] = program;
    const { code, stdout } = await run(
      { command, args: [...args, 'version', '--short'] },
      { timeoutMs: 20_000 },
    );
    const version = stdout.trim().replace(/^v/, '');
    if (code !== 0) continue;
    if (Number(version.split('.')[0]) >= 2) return { program, version };
    seen.push(t('{0} is version {1}', program.join(' '), version));
  }
  throw new UserError(
    'compose-missing',
    [t('Docker answers, but Docker Compose 2 was not found.'), ...seen.map((one) => `${one}.`)].join(' '),
    {
      hint: t('Install it (package docker-compose-plugin, or Docker Desktop), or take --runtime embedded.'),
    },
  );
}

/** Throws UserError `compose-missing`. */
export const composeVersion = async (): Promise<string> => (await findProgram()).version;

/** Throws UserError `compose-missing`. */
export async function findCompose({ project, host, variables }: ComposeOptions): Promise<Compose> {
  const { program: words, version } = await findProgram();
  const [program, ...first] = words;
  const file = join(resourceFolder(), 'docker-compose.yml');
  const command = (args: readonly string[]): Command => ({
    command: program,
    args: [
      ...first,
      '--project-name',
      project,
      '--file',
      file,
      '--progress',
      'plain',
      '--ansi',
      'never',
      ...args,
    ],
    env: { ...FOREIGN, ...variables, ...(host === null ? {} : { DOCKER_HOST: host }) },
  });
  const runIt: Compose['run'] = async (args, options) => {
    const done = await run(command(args), options);
    if (done.code === 0) return done;
    const said = done.tail.filter((line) => !/level=warning/.test(line)).slice(-5);
    throw new UserError(
      'compose-failed',
      t('docker compose {0} failed: {1}', args[0] ?? '', said.join(' ').trim()),
      {
        hint: t('See whether Docker runs and has room: docker info, docker system df.'),
      },
    );
  };
  let asked: Promise<ComposeConfig> | undefined;
  const config = (): Promise<ComposeConfig> =>
    (asked ??= runIt(['config', '--format', 'json']).then(
      ({ stdout }) => JSON.parse(stdout) as ComposeConfig,
    ));
  return {
    version,
    command,
    run: runIt,
    config,
    async images() {
      const { services } = await config();
      return Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]));
    },
  };
}
