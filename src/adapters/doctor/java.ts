import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { findOwnJava, packagedJava } from '../embedded/java.ts';
import { isMusl } from '../embedded/python.ts';
import { targetsIn } from '../embedded/targets.ts';
import type { Check, Examined, Found } from './check.ts';

async function javaFound({ runtime, cache, python, versions }: Examined): Promise<Found> {
  if (runtime === 'docker') {
    return { status: 'ok', evidence: t('It comes with the images; none is needed on this machine') };
  }
  const packaged = isUserError(python) ? undefined : packagedJava(targetsIn(cache, python, versions).python);
  if (packaged) {
    return { status: 'ok', evidence: t('Java {0}, installed with the sandbox', packaged.major) };
  }
  if (!isMusl()) {
    return { status: 'ok', evidence: t('Java comes with the download; none needs to be installed') };
  }
  const own = await findOwnJava();
  if (own && own.major >= versions.java.oldest) {
    return { status: 'ok', evidence: t('Java {0} ({1})', own.major, own.java) };
  }
  return {
    status: 'problem',
    evidence: own ? t('Java {0} ({1}) is too old', own.major, own.java) : t('No Java was found'),
    fix: t('Install a Java {0} runtime and set JAVA_HOME, then try again.', versions.java.oldest),
  };
}

export const javaCheck = (): Check => ({
  id: 'java',
  title: 'Java',
  look: async (examined) => [await javaFound(examined)],
});
