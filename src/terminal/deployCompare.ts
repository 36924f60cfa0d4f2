/** deploy compare. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { compareTables, type TableComparison } from '../core/parity/compareTables.ts';
import { textTable } from './textTable.ts';
import type { Verb } from './verb.ts';

const NOTHING = '—';

function comparisonText(one: TableComparison): string {
  switch (one.state) {
    case 'same':
      return t('{0}: the same {1} columns', one.table, one.columns);
    case 'onlyHere':
      return t('{0}: only here, not deployed yet', one.table);
    case 'onlyThere':
      return t('{0}: only there', one.table);
    case 'differs': {
      const column = (name: string) => ({ name, type: 'string' });
      const rows = [
        ...one.added.map(({ name, type }) => [name, type, NOTHING]),
        ...one.missing.map(({ name, type }) => [name, NOTHING, type]),
        ...one.changed.map(({ name, local, remote }) => [name, local, remote]),
      ];
      const table = textTable([column(t('column')), column(t('here')), column(t('there'))], rows);
      return [t('{0} differs:', one.table), ...table.split('\n').map((line) => `  ${line}`)].join('\n');
    }
  }
}

interface Flags {
  readonly catalog: string;
  readonly profile?: string;
}

export const compare: Verb = (deploy, run) => {
  deploy
    .command('compare')
    .requiredOption('--catalog <name>', t('catalog of the workspace that holds bronze, silver and gold'))
    .option('--profile <name>', t('log in as this profile of ~/.databrickscfg says'))
    .description(
      t(
        "compare the columns of the sandbox's tables with those of a catalog; exit code 1 when a table that both have differs",
      ),
    )
    .action(
      run(async (context, { catalog, profile }: Flags) => {
        const { lakehouse, output, signal } = context;
        const databricks = await context.databricks();
        const login = databricks.login(profile === undefined ? {} : { profile });
        const workspace = databricks.workspace(login, output.onEvent, signal);
        const sides = { tables: await lakehouse.tables(), catalog: workspace.catalog };
        const tables = await compareTables(sides, catalog, signal);
        const differing = tables.filter(({ state }) => state === 'differs');
        await output.result({ host: workspace.host, catalog, ok: differing.length === 0, tables }, () =>
          tables.length === 0
            ? t('Neither the sandbox nor {0} has tables in bronze, silver or gold.', catalog)
            : tables.map(comparisonText).join('\n'),
        );
        if (differing.length > 0) {
          const names = differing.map(({ table }) => table).join(', ');
          throw new UserError(
            'columns-differ',
            t('These tables have other columns in {0}: {1}.', catalog, names),
          );
        }
      }),
    );
};
