/** What a statement of a SQL file gave. It is run by who asks in the file, never by the page. */
import { t } from './host.ts';
import { showRows } from './rowsView.ts';

showRows({
  sortable: false,
  again: false,
  loading: () => t('Running…'),
  empty: () => t('The statement gave no rows.'),
});
