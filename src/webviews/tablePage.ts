/** The table viewer: one version of a table, sorted by its headers. */
import { t } from './host.ts';
import { showRows } from './rowsView.ts';

showRows({
  sortable: true,
  again: true,
  loading: (title) => t('Reading {0}…', title),
  empty: (title) => t('{0} has no rows.', title),
  fill: { label: t('Run the pipeline'), command: 'ordersLakehouse.run' },
});
