/** The main job in one verb: real orders → Kafka → bronze, silver, gold → a table on the screen. */
import type { Delivery, DeliveryEnd } from '../core/delivery.ts';
import { parseFaults } from '../core/faults.ts';
import { importCsv } from '../core/importCsv.ts';
import { t } from '../core/l10n.ts';
import { equationFailed } from '../core/pipeline.ts';
import { startProducing } from '../core/produce.ts';
import { SAMPLE_FAULTS, writeSample } from '../core/sample.ts';
import type { Cell, Column } from '../core/tables.ts';
import { runText } from './runText.ts';
import { runtimeOption, start, type StartOptions } from './sandbox.ts';
import { textTable } from './textTable.ts';
import type { Context, Verb } from './verb.ts';

/** The same file at each demo: a second one shows that silver keeps one of each line. */
const SAMPLE = { count: 3000, seed: 2026, clock: Date.UTC(2026, 0, 31), faults: SAMPLE_FAULTS };
const GENERATED = 2000;
const FAULTS = 'duplicate=2%,undecodable=0.5%,bad-price=0.5%,messy=1%';
const TOP = 'SELECT * FROM gold.sales_daily ORDER BY net_revenue DESC, order_date LIMIT 10';

export const demo: Verb = (program, run) => {
  program
    .command('demo')
    .description(t('the main job from start to end: orders → Kafka → bronze, silver, gold'))
    .addOption(runtimeOption())
    .action(
      run(async (context: Context, options: StartOptions) => {
        const { lakehouse, output, signal } = context;
        const say = (message: string): void => {
          output.onEvent({ type: 'message', level: 'info', message });
        };

        say(`\n${t('1. Starting Kafka, the Schema Registry and Spark')}`);
        await start(context, options);

        say(`\n${t('2. Importing a sample in the shape of "An Online Shop Business", faults included')}`);
        const file = `${lakehouse.home}/orders-sample.csv`;
        await writeSample(lakehouse.files, file, SAMPLE);
        const imported = done(await importCsv(lakehouse, file, { format: 'avro' }, output.onEvent, signal));
        say(t('{0} lines sent and acknowledged.', imported.sent));
        if (imported.rejectsFile !== null)
          say(t('{0} rows rejected: {1}', imported.rejected, imported.rejectsFile));

        say(`\n${t('3. Producing {0} generated order lines', GENERATED)}`);
        const produced = done(await producing(context).ended);
        say(t('{0} lines sent and acknowledged.', produced.sent));

        say(`\n${t('4. Running the pipeline: bronze, silver, gold')}`);
        const result = await lakehouse.pipeline.run(
          await lakehouse.endpoints(),
          { fullRefresh: false },
          output.onEvent,
          signal,
        );
        const sales = await topSales(context);

        await output.result({ imported, produced, run: result, salesDaily: sales }, () =>
          [
            '',
            runText(result),
            '',
            t('gold.sales_daily, the ten best days of a country:'),
            textTable(sales.columns, sales.rows),
            '',
            t(
              'In VS Code: npm run package, then "Extensions: Install from VSIX…"; the Orders Lakehouse view shows this sandbox.',
            ),
            t('More orders: npm run cli -- produce --count 1000   then   npm run cli -- run'),
            t('Stop it: npm run cli -- down   (the data stays; reset wipes it)'),
          ].join('\n'),
        );
        if (!result.equationHolds) throw equationFailed(result);
      }),
    );
};

function producing({ lakehouse, output, signal }: Context) {
  const clock = Date.now();
  const options = { count: GENERATED, seed: clock % 2 ** 31, clock, faults: parseFaults(FAULTS, 'message') };
  return startProducing(lakehouse, { ...options, format: 'avro' }, output.onEvent, signal);
}

function done({ delivery, failure }: DeliveryEnd): Delivery {
  if (failure !== undefined) throw failure;
  return delivery;
}

async function topSales({ lakehouse, signal }: Context) {
  const { columns, rows } = await (await lakehouse.tables()).query(TOP, {}, signal);
  const all: (readonly Cell[])[] = [];
  for await (const batch of rows) all.push(...batch);
  return { columns, rows: all } satisfies { columns: readonly Column[]; rows: readonly (readonly Cell[])[] };
}
