import { t } from '../../core/l10n.ts';
import { findMaven } from '../embedded/mavenProgram.ts';
import type { Check } from './check.ts';

export const mavenCheck = (signal: AbortSignal): Check => ({
  id: 'maven',
  title: 'Maven',
  look: async ({ runtime, cache, versions, missing }) => {
    if (runtime === 'docker') return [];
    if (missing.jars.length === 0) {
      return [{ status: 'ok', evidence: t('Not needed: all Java parts are installed') }];
    }
    const own = await findMaven(cache, versions, signal);
    const evidence = own
      ? t('Maven ({0})', own.maven)
      : t('No Maven was found; Maven {0} is fetched when it is needed', versions.maven.version);
    return [{ status: 'ok', evidence }];
  },
});
