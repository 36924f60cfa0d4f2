import { t } from '../../core/l10n.ts';
import type { Check } from './check.ts';

export const runtimeCheck = (): Check => ({
  id: 'runtime',
  title: t('What a start takes'),
  look: ({ why }) => [{ status: 'ok', evidence: why }],
});
