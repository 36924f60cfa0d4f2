/** A lakehouse project of a person's own: a copy of the pipeline and the bundle that ship with the product. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { Projects } from './ports.ts';

/** Every repository has these; one that is there is left as it is. */
const MAY_STAY: readonly string[] = ['README.md', '.gitignore'];

export interface NewProject {
  readonly folder: string;
  /** Names at its top. */
  readonly created: readonly string[];
  readonly kept: readonly string[];
}

export const alreadyThere = (folder: string, names: readonly string[]): UserError =>
  new UserError('project-exists', t('{0} holds already: {1}', folder, names.join(', ')), {
    hint: t('Nothing was written. Choose another folder, or move them away.'),
  });

/** Overwrites nothing. Throws UserError `project-exists` and what the port throws. */
export async function createProject(projects: Projects, folder: string): Promise<NewProject> {
  const { template } = projects;
  const there = await projects.present(folder, template);
  const taken = there.filter((name) => !MAY_STAY.includes(name));
  if (taken.length > 0) throw alreadyThere(folder, taken);
  const created = template.filter((name) => !there.includes(name));
  return { folder: await projects.copy(folder, created), created, kept: there };
}

export function projectText({ folder, kept }: NewProject): string {
  return [
    t('The project is in {0}.', folder),
    ...(kept.length > 0 ? [t('Left as it was: {0}', kept.join(', '))] : []),
  ].join(' ');
}
