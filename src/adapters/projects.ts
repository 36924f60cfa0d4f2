/** Lakehouse projects as folders of this machine. */
import { cp, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Projects } from '../core/ports.ts';
import { alreadyThere } from '../core/project.ts';
import { asFileError } from './fileErrors.ts';
import { resourceFolder } from './resources.ts';

/** Each name at the top of a project, and where it lies in sandbox/. A package carries no file that begins with a dot. */
const TEMPLATE: Readonly<Record<string, string>> = {
  'databricks.yml': 'databricks.yml',
  resources: 'resources',
  lakehouse: 'lakehouse',
  'README.md': 'project/README.md',
  '.gitignore': 'project/gitignore',
};
const PIPELINE = 'lakehouse';
const SPEC = 'spark-pipeline.yml';

/** The pipeline that ships with the product. */
export const shippedPipeline = (): string => join(resourceFolder(), 'sandbox', PIPELINE);

async function present(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    try {
      await lstat(join(folder, name));
      found.push(name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTDIR')
        throw new UserError('not-a-folder', t('{0} is not a folder.', folder), { cause: error });
      if (code !== 'ENOENT') throw asFileError(error, folder);
    }
  }
  return found;
}

/** Throws UserError `no-pipeline`. */
export async function pipelineOf(folder: string): Promise<string> {
  for (const found of [join(folder, PIPELINE), folder]) {
    if ((await present(found, [SPEC])).length > 0) return resolve(found);
  }
  throw new UserError('no-pipeline', t('There is no pipeline in {0}.', folder), {
    hint: t('A project holds {0}. Make one: orders-lakehouse project create FOLDER', `${PIPELINE}/${SPEC}`),
  });
}

/** Everything is complete in a folder beside before it takes its place by renames. */
async function copyInto(folder: string, names: readonly string[]): Promise<void> {
  const staged = await mkdtemp(join(folder, '.orders-lakehouse-'));
  const moved: string[] = [];
  try {
    for (const name of names) {
      await cp(join(resourceFolder(), 'sandbox', TEMPLATE[name] ?? name), join(staged, name), {
        recursive: true,
        filter: (source) => basename(source) !== '__pycache__',
      });
    }
    // What came since the person was told would be written over.
    const late = await present(folder, names);
    if (late.length > 0) throw alreadyThere(folder, late);
    for (const name of names) {
      await rename(join(staged, name), join(folder, name));
      moved.push(name);
    }
  } catch (error) {
    await Promise.all(moved.map((name) => rm(join(folder, name), { recursive: true, force: true })));
    throw error;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

export function createProjects(): Projects {
  return {
    template: Object.keys(TEMPLATE),
    present,
    copy: async (folder, names) => {
      const whole = resolve(folder);
      let made: string | undefined;
      try {
        made = await mkdir(whole, { recursive: true });
        await copyInto(whole, names);
      } catch (error) {
        if (made !== undefined) await rm(made, { recursive: true, force: true });
        throw asFileError(error, whole);
      }
      return whole;
    },
    pipelineOf,
  };
}
