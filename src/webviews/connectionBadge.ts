/** Says above a page whose data it shows, where that is not the sandbox. */
import type { ConnectionBadge } from '../wire/page.ts';
import { element } from './dom.ts';
import { t } from './host.ts';

let shown: HTMLElement | undefined;
let last = '';

export function showBadge(connection: ConnectionBadge | null): void {
  // Built anew only when it is another: somebody may be reading it.
  const now = JSON.stringify(connection);
  if (now === last) return;
  last = now;
  shown?.remove();
  if (!connection) return;
  const { name, colour, readOnly } = connection;
  shown = element(
    'div',
    { class: `badge ${colour}`, role: 'note' },
    element('strong', {}, name),
    ...(readOnly ? [element('span', {}, t('read-only'))] : []),
  );
  document.querySelector('main')?.prepend(shown);
}
