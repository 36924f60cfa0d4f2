import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { foundIn, type Check } from './check.ts';

export const pythonCheck = (): Check => ({
  id: 'python',
  title: 'Python',
  look: ({ runtime, python }) => {
    if (runtime === 'docker') {
      return [{ status: 'ok', evidence: t('It comes with the images; none is needed on this machine') }];
    }
    if (isUserError(python)) {
      return [
        {
          ...foundIn(python, 'problem'),
          mend: { kind: 'setting', name: 'python', label: t('Name a Python') },
        },
      ];
    }
    return [{ status: 'ok', evidence: t('Python {0} ({1})', python.version, python.command) }];
  },
});
