import { accessSync, constants } from 'node:fs';
import { t } from '../../core/l10n.ts';
import { checkHome, nearestFolder } from '../embedded/homeFolder.ts';
import { userErrorOf } from '../embedded/writable.ts';
import type { HomeLayout } from '../home.ts';
import { foundIn, type Check, type Found } from './check.ts';

/** In Docker the data lies in volumes; only the records of the sandbox go into the home. */
function writableFound({ home }: HomeLayout): Found {
  try {
    accessSync(nearestFolder(home), constants.W_OK);
    return { status: 'ok', evidence: t('{0} can be written to', home) };
  } catch (error) {
    const hint = t('Choose another folder with --home or ordersLakehouse.home.');
    const known = userErrorOf(error, { folder: home, bytes: 0, hint });
    if (!known) throw error;
    return {
      ...foundIn(known, 'problem'),
      mend: { kind: 'setting', name: 'home', label: t('Choose another folder') },
    };
  }
}

export const homeCheck = (): Check => ({
  id: 'home',
  title: t('Folder of the sandbox'),
  look: ({ layout, runtime }) => {
    const found = writableFound(layout);
    if (runtime === 'embedded' && found.status === 'ok') checkHome(layout);
    return [found];
  },
});
