/** Verbs that send orders: produce, import, sample. */
import type { DeliveryEnd } from '../core/delivery.ts';
import { Cancelled } from '../core/errors.ts';
import { FAULTS, parseFaults, type FaultCounts, type FaultName, type FaultShares } from '../core/faults.ts';
import { importCsv } from '../core/importCsv.ts';
import { t } from '../core/l10n.ts';
import type { WireFormat } from '../core/orders.ts';
import { anySeed, DEFAULT_RATE, startProducing } from '../core/produce.ts';
import { SAMPLE_FAULTS, writeSample } from '../core/sample.ts';
import { format, option, rate, time, wholeNumber } from './options.ts';
import type { Output } from './output.ts';
import type { Verb } from './verb.ts';

interface ProduceFlags {
  readonly count?: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly faults?: FaultShares;
  readonly clock?: number;
  readonly format: WireFormat;
}

const faultsOf = (place: 'message' | 'csv') => option((text) => parseFaults(text, place));

export const produce: Verb = (program, run) => {
  program
    .command('produce')
    .description(t('send generated orders, good and bad'))
    .option('--count <n>', t('lines to send (without: until Ctrl-C)'), wholeNumber)
    .option('--rate <n/s>', t('lines a second (without --count: {0}/s)', DEFAULT_RATE), rate)
    .option('--seed <n>', t('the same seed and clock send the same lines'), wholeNumber)
    .option('--faults <spec>', t('share of each fault, as in duplicate=1%,late=0.5%'), faultsOf('message'))
    .option('--clock <time>', t("the generated shop's today (default: now)"), time)
    .option('--format <format>', t('avro or json'), format, 'avro')
    .action(
      run(async ({ lakehouse, output, signal }, flags: ProduceFlags) => {
        const { count, rate: perSecond, seed = anySeed(), clock = Date.now() } = flags;
        const production = startProducing(
          lakehouse,
          {
            ...(count === undefined ? {} : { count }),
            ...(perSecond === undefined ? {} : { rate: perSecond }),
            seed,
            clock,
            faults: flags.faults ?? new Map(),
            format: flags.format,
          },
          output.onEvent,
          signal,
        );
        output.onEvent({ type: 'message', level: 'info', message: t('Seed: {0}', seed) });
        const end = await production.ended;
        await report(output, end);
        if (count !== undefined && end.delivery.sent < count) throw new Cancelled();
      }),
    );
};

export const importFile: Verb = (program, run) => {
  program
    .command('import')
    .description(t('send the rows of a CSV file in the shape of the data set'))
    .argument('<file.csv>')
    .option('--format <format>', t('avro or json'), format, 'avro')
    .option('--encoding <name>', t('of the file (default: utf-8)'))
    .action(
      run(
        async (
          { lakehouse, output, signal },
          path: string,
          flags: { readonly format: WireFormat; readonly encoding?: string },
        ) => {
          await report(output, await importCsv(lakehouse, path, flags, output.onEvent, signal));
        },
      ),
    );
};

interface SampleFlags {
  readonly count: number;
  readonly seed: number;
  readonly clock?: number;
  readonly faults?: FaultShares;
}

export const sample: Verb = (program, run) => {
  program
    .command('sample')
    .description(t('write generated orders, with faults, to a CSV file in the shape of the data set'))
    .argument('<file.csv>')
    .option('--count <n>', t('rows'), wholeNumber, 10_000)
    .option('--seed <n>', t('the same seed and clock write the same file'), wholeNumber, 1)
    .option('--clock <time>', t("the generated shop's today (default: now)"), time)
    .option('--faults <spec>', t('share of each fault, as in duplicate=1%,late=0.5%'), faultsOf('csv'))
    .action(
      run(async ({ lakehouse, output }, path: string, flags: SampleFlags) => {
        const { count, seed, clock = Date.now(), faults = SAMPLE_FAULTS } = flags;
        const made = await writeSample(lakehouse.files, path, { count, seed, clock, faults });
        await output.result({ file: path, ...made }, () =>
          [t('{0} rows written to {1}.', made.rows, path), ...faultLines(made.faults)].join('\n'),
        );
      }),
    );
};

/** Tells what was sent, also when something stopped it; then that. */
async function report(output: Output, { delivery, failure }: DeliveryEnd): Promise<void> {
  const { sent, rejected, rejectsFile, faults } = delivery;
  await output.result(delivery, () =>
    [
      t('{0} lines sent and acknowledged.', sent),
      ...(rejectsFile === null ? [] : [t('{0} rows rejected: {1}', rejected, rejectsFile)]),
      ...faultLines(faults),
    ].join('\n'),
  );
  if (failure !== undefined) throw failure;
}

function faultLines(faults: FaultCounts): readonly string[] {
  const names = Object.keys(faults) as FaultName[];
  if (names.length === 0) return [];
  const width = Math.max(...names.map((name) => name.length));
  return [
    t('Faults among them:'),
    ...names.map(
      (name) => `  ${name.padEnd(width)}  ${String(faults[name] ?? 0).padStart(7)}  → ${FAULTS[name].breaks}`,
    ),
  ];
}
