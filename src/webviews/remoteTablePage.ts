/** A table of a workspace, as one of the sandbox is shown. */
import { t } from './host.ts';
import { showRows } from './rowsView.ts';

showRows({
  sortable: true,
  again: true,
  loading: (title) => t('Reading {0}…', title),
  empty: (title) => t('{0} has no rows.', title),
});
