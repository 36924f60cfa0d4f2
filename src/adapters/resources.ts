/** Where the files that ship with the product lie: the folder above dist/. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds package.json and sandbox/, from a bundle in dist/ as well as from the sources. */
export function resourceFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'sandbox'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no sandbox/ above ${__dirname}`);
    folder = parent;
  }
  return folder;
}
