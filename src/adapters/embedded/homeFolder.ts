/** Whether a home folder can hold a sandbox. */
import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { tryWrite } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { diskFull, userErrorOf, type Place } from './writable.ts';

/** Kafka alone reserves some for its first segments. */
const LEAST_FREE_BYTES = 300e6;

export const nearestFolder = (folder: string): string =>
  existsSync(folder) ? folder : nearestFolder(dirname(folder));

/** Throws UserError `unsupported-system`, `home-path`, `no-permission` or `disk-full`; changes nothing. */
export function checkHome({ home }: HomeLayout): void {
  if (process.platform === 'win32') {
    throw new UserError('unsupported-system', t('The embedded sandbox does not run on Windows itself.'), {
      hint: t('Open the folder in WSL 2, or take Docker: --runtime docker.'),
    });
  }
  // Kafka's settings separate folders by commas; the databases' addresses end at a semicolon.
  const bad = /[,;\n]/.exec(home)?.[0];
  if (bad !== undefined) {
    throw new UserError(
      'home-path',
      t('The folder {0} cannot hold a sandbox: its path has a "{1}".', home, bad),
      {
        hint: t('Choose another folder with --home or ordersLakehouse.home.'),
      },
    );
  }
  const folder = nearestFolder(home);
  writing(home, () => {
    accessSync(folder, constants.W_OK);
  });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < LEAST_FREE_BYTES) throw diskFull(placeOf(home), bavail * bsize);
}

/** Makes the folders. Throws as {@link checkHome} does. */
export function requireHome(layout: HomeLayout): void {
  checkHome(layout);
  makeFolders(layout.home, [layout.run, layout.logs, layout.data]);
}

/** Folders of a home. Throws UserError `no-permission` or `disk-full`. */
export function makeFolders(home: string, folders: readonly string[]): void {
  writing(home, () => {
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      tryWrite(folder);
    }
  });
}

const placeOf = (home: string): Place => ({
  folder: home,
  bytes: LEAST_FREE_BYTES,
  hint: t('Free some space, or choose another folder with --home or ordersLakehouse.home.'),
});

function writing(home: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw userErrorOf(error, placeOf(home)) ?? error;
  }
}
