import { t } from '../../core/l10n.ts';
import type { Check } from './check.ts';

export const signInCheck = (): Check => ({
  id: 'sign-in',
  title: t('Sign-in'),
  look: () => [
    { status: 'ok', evidence: t('Not signed in to Azure Databricks; the sandbox needs no sign-in') },
  ],
});
