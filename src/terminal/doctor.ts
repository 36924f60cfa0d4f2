import type { Finding } from '../core/doctor.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Verb } from './verb.ts';

const MARKS: Readonly<Record<Finding['status'], string>> = { ok: '✓', warning: '!', problem: '✗' };

export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ id, status, evidence, fix }) => {
      const line = `${MARKS[status]} ${id.padEnd(8)} ${evidence}`;
      return fix === undefined ? line : `${line}\n           → ${fix}`;
    })
    .join('\n');
}

export const doctor: Verb = (program, run) => {
  program
    .command('doctor')
    .description(t('look at what the sandbox needs of this machine'))
    .action(
      run(async ({ lakehouse, output }) => {
        const findings = await lakehouse.runtime.diagnose();
        await output.result({ findings }, () => findingsText(findings));
        const problems = findings.filter(({ status }) => status === 'problem').length;
        if (problems > 0) throw new UserError('problems-found', t('Problems found: {0}', problems));
      }),
    );
};
