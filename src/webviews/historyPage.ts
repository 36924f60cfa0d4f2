/** What was done to a table, newest first. */
import { t } from './host.ts';
import { showRows } from './rowsView.ts';

showRows({
  sortable: false,
  again: true,
  loading: (title) => t('Reading {0}…', title),
  empty: () => t('It has no history.'),
});
