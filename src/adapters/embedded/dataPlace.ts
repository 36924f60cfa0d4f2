/** The data of the embedded sandbox: folders of its home. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../core/settings.ts';
import { SNAPSHOT_FOLDERS, SNAPSHOT_STAMP } from '../../core/snapshot.ts';
import { cacheFolder, type HomeLayout } from '../home.ts';
import { run } from '../process.ts';
import { LOCK_HELD, LOCK_PROBE, type DataPlace } from '../snapshot/dataPlace.ts';
import { mustHaveMoved, relocation, toolArguments } from '../snapshot/metastore.ts';
import { requireHome } from './homeFolder.ts';
import { install } from './install.ts';
import { installedFor, type Installed } from './installed.ts';
import { classPath, javaEnvironment } from './parts/java.ts';
import { findPython } from './python.ts';
import { readVersions } from './versions.ts';

const PIECES = [...SNAPSHOT_FOLDERS, SNAPSHOT_STAMP];

export function embeddedData(layout: HomeLayout, settings: Settings): DataPlace {
  let tools: Installed | undefined;

  const relocate = async (folder: string, from: string, signal: AbortSignal): Promise<void> => {
    if (from === layout.warehouse || !existsSync(join(folder, 'metastore'))) return;
    if (!tools) throw new Error('nothing is installed yet');
    const script = join(folder, 'relocation.sql');
    writeFileSync(script, relocation(from, layout.warehouse));
    const { java, sparkHome } = tools;
    const args = ['-cp', classPath(join(sparkHome, 'jars')), ...toolArguments(folder), script];
    mustHaveMoved(
      await run({ command: java.java, args, cwd: folder, env: javaEnvironment(java) }, { signal }),
    );
  };

  return {
    name: 'embedded',
    warehouse: layout.warehouse,
    async hasRun() {
      const python = installedFor(layout.home)?.python;
      if (python === undefined) return false;
      const { code } = await run({ command: python, args: ['-c', LOCK_PROBE, layout.pipelineLock] });
      return code === LOCK_HELD;
    },
    collect: () => Promise.resolve({ folder: layout.data, release: () => undefined }),
    async prepare(onEvent, signal) {
      requireHome(layout);
      const versions = readVersions();
      const python = await findPython(settings.python, versions);
      tools = await install({ cache: cacheFolder(), python, versions, onEvent, signal });
    },
    async replace(folder, from, _onEvent, signal) {
      await relocate(folder, from, signal);
      swap(layout.data, folder, join(layout.run, `replaced-${Date.now()}`));
    },
    clear: () => {
      for (const piece of PIECES) rmSync(join(layout.data, piece), { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Piece by piece, for the editor watches the folder itself; renames only, so that it is done at once. */
export function swap(data: string, incoming: string, aside: string, rename = renameSync): void {
  for (const folder of [data, aside]) mkdirSync(folder, { recursive: true });
  const done: (() => void)[] = [];
  const move = (piece: string, from: string, to: string): void => {
    rename(join(from, piece), join(to, piece));
    done.unshift(() => {
      renameSync(join(to, piece), join(from, piece));
    });
  };
  try {
    for (const piece of PIECES.filter((one) => existsSync(join(data, one)))) move(piece, data, aside);
    for (const piece of readdirSync(incoming).filter((one) => PIECES.includes(one as 'kafka')))
      move(piece, incoming, data);
  } catch (error) {
    for (const undo of done) undo();
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}
