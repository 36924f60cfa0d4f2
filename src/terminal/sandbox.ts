/** up, status, down, reset, logs. */
import { Argument, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName, type SandboxStatus } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import { confirmed } from './confirm.ts';
import { lookingWhy } from './failedStart.ts';
import type { Context, Verb } from './verb.ts';

const totalMemory = (status: SandboxStatus): number =>
  status.parts.reduce((sum, part) => sum + (part.memoryBytes ?? 0), status.supervisor?.memoryBytes ?? 0);

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : `${Math.round(bytes / 1024 / 1024)} MiB`;

export function statusText(status: SandboxStatus): string {
  const rows = [
    [t('PART'), t('STATE'), t('PID'), t('MEMORY'), t('PORTS'), t('RESTARTS'), ''],
    ...status.parts.map((part) => [
      part.name,
      t(part.state),
      String(part.pid ?? ''),
      megabytes(part.memoryBytes),
      Object.entries(part.ports)
        .map(([name, port]) => `${name} ${port}`)
        .join(', '),
      String(part.restarts),
      part.message ?? '',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
  const head = t('Sandbox in {0}: {1}', status.home, t(status.state));
  const { endpoints } = status;
  const tail = endpoints
    ? [
        '',
        t('Memory in all: {0}', megabytes(totalMemory(status))),
        `Kafka           ${endpoints.bootstrap}`,
        `Schema Registry ${endpoints.registryUrl}`,
        `Spark Connect   ${endpoints.sparkConnect}`,
        `Spark SQL       http://${endpoints.sparkSql.host}:${endpoints.sparkSql.port}/${endpoints.sparkSql.path}`,
      ]
    : [];
  return [head, '', table, ...tail].join('\n');
}

const document = (status: SandboxStatus) => ({ ...status, totalMemoryBytes: totalMemory(status) });

export interface StartOptions {
  readonly runtime?: Settings['runtime'];
}

export const runtimeOption = (): Option =>
  new Option('--runtime <name>', t('how to run it')).choices(['auto', 'embedded', 'docker']);

/** A start that fails is looked into by the doctor. */
export const start = (context: Context, { runtime }: StartOptions): Promise<SandboxStatus> =>
  lookingWhy(
    context,
    () => context.lakehouse.runtime.up(context.output.onEvent, context.signal, runtime),
    runtime,
  );

export const up: Verb = (program, run) => {
  program
    .command('up')
    .description(t('start the sandbox; downloads what is missing'))
    .addOption(runtimeOption())
    .action(
      run(async (context, options: StartOptions) => {
        const status = await start(context, options);
        await context.output.result(document(status), () => statusText(status));
      }),
    );
};

export const status: Verb = (program, run) => {
  program
    .command('status')
    .description(t('show the parts, their ports and memory'))
    .action(
      run(async ({ lakehouse, output }) => {
        const now = await lakehouse.runtime.status();
        await output.result(document(now), () => statusText(now));
      }),
    );
};

export const down: Verb = (program, run) => {
  program
    .command('down')
    .description(t('stop the sandbox; keeps all data'))
    .action(
      run(async ({ lakehouse, output }) => {
        await lakehouse.runtime.down(output.onEvent);
        const now = await lakehouse.runtime.status();
        await output.result(document(now), () => t('The sandbox is stopped; its data is kept.'));
      }),
    );
};

export const reset: Verb = (program, run) => {
  program
    .command('reset')
    .description(t('stop the sandbox and delete all its data; keeps the downloads'))
    .option('--yes', t('do not ask'))
    .action(
      run(async ({ lakehouse, output }, { yes = false }: { yes?: boolean }) => {
        if (!yes && !process.stdin.isTTY) {
          throw new UserError('wrong-use', t('reset deletes all data: say --yes to confirm.'));
        }
        const question = t(
          'This deletes all topics, schemas and tables in {0}. Continue? [y/N]',
          lakehouse.home,
        );
        if (!yes && !(await confirmed(question))) {
          throw new UserError('not-confirmed', t('Nothing was deleted.'));
        }
        await lakehouse.runtime.reset(output.onEvent);
        const now = await lakehouse.runtime.status();
        const snapshots = await lakehouse.snapshots();
        await output.result(document(now), () =>
          [
            t('All data of the sandbox is deleted.'),
            ...(snapshots.hasLesson() ? [t('The start of the lesson is kept: {0}', snapshots.lesson)] : []),
          ].join('\n'),
        );
      }),
    );
};

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(t('It must be a whole number.'));
  return Number(text);
}

export const logs: Verb = (program, run) => {
  program
    .command('logs')
    .description(t("show a part's log"))
    .addArgument(new Argument('<part>', t('which part')).choices(PARTS))
    .addOption(new Option('--lines <n>', t('how many of the last lines')).argParser(wholeNumber).default(100))
    .option('--follow', t('go on with new lines until Ctrl-C'))
    .action(
      run(async (context, part: PartName, { lines, follow = false }: { lines: number; follow?: boolean }) => {
        const { lakehouse, output, signal } = context;
        const stream = lakehouse.runtime.logs(part, { lines, follow }, signal);
        if (!output.json) {
          for await (const line of stream) await output.write(`${line}\n`);
          return;
        }
        const all: string[] = [];
        for await (const line of stream) all.push(line);
        await output.result({ part, lines: all }, () => '');
      }),
    );
};
