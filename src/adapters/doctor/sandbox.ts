import { t } from '../../core/l10n.ts';
import type { SandboxStatus } from '../../core/sandbox.ts';
import type { Check, Found } from './check.ts';

export function stateFound({ state, parts }: SandboxStatus): Found {
  switch (state) {
    case 'stopped':
      return { status: 'ok', evidence: t('It is stopped.') };
    case 'running':
      return { status: 'ok', evidence: t('Every part answers.') };
    case 'starting':
    case 'stopping':
      return { status: 'ok', evidence: t('It is starting or stopping at this moment.') };
    case 'degraded': {
      const ill = parts.filter((part) => part.state !== 'running');
      const seen = ill.map(({ name, message, state: now }) => `${name}: ${message ?? t(now)}`);
      return {
        status: 'problem',
        evidence: seen.join('; ') || t('Parts of the sandbox run without the process that watches over them'),
        fix: t('Start it again: orders-lakehouse up puts right what does not run.'),
        mend: { kind: 'command', id: 'start', label: t('Start sandbox') },
      };
    }
  }
}

export const sandboxCheck = (): Check => ({
  id: 'sandbox',
  title: t('Sandbox'),
  look: ({ status }) => [stateFound(status)],
});
