import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { otherVersions, targetsIn } from '../embedded/targets.ts';
import { run } from '../process.ts';
import { gigabytes, type Check, type Examined } from './check.ts';

/** Of other versions, and named by no command line: what a sandbox of another version runs from stays. */
export async function unusedVersions({
  cache,
  python,
  versions,
}: Pick<Examined, 'cache' | 'python' | 'versions'>): Promise<ReturnType<typeof otherVersions>> {
  if (isUserError(python)) return [];
  const others = otherVersions(cache, targetsIn(cache, python, versions));
  if (others.length === 0) return [];
  const { code, stdout } = await run({ command: 'ps', args: ['-eo', 'args='] });
  if (code !== 0) throw new Error('ps could not list the processes');
  return others.filter(({ folder }) => !stdout.includes(folder));
}

export const cacheCheck = (): Check => ({
  id: 'cache',
  title: t('Downloads'),
  look: async (examined) => {
    if (examined.runtime === 'docker') return [];
    const others = await unusedVersions(examined);
    if (others.length === 0) {
      return [{ status: 'ok', evidence: t('No old versions lie in {0}', examined.cache) }];
    }
    const bytes = others.reduce((sum, one) => sum + one.bytes, 0);
    const folders = others.map(({ folder }) => folder).join(', ');
    return [
      {
        status: 'ok',
        evidence: t('Other versions take {0} GB: {1}', gigabytes(bytes), folders),
        fix: t('They can go, unless you also use another version of Orders Lakehouse or of Python.'),
        mend: { kind: 'mend', id: 'cache', label: t('Delete old versions') },
      },
    ];
  },
});
