import { Option } from 'commander';
import { bySeverity, dueMends, findingsText, MENDS, type MendId } from '../core/doctor.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Verb } from './verb.ts';

interface Options {
  /** True where the option stands without a name. */
  readonly mend?: true | MendId;
}

export const doctor: Verb = (program, run) => {
  program
    .command('doctor')
    .description(t('look at what the sandbox needs of this machine'))
    .addOption(
      new Option('--mend [what]', t('first mend what stands in the way, or only what is named')).choices(
        MENDS,
      ),
    )
    .action(
      run(async ({ lakehouse, output, signal }, { mend }: Options) => {
        const due =
          mend === undefined ? [] : mend === true ? dueMends(await lakehouse.doctor.look(signal)) : [mend];
        for (const what of due) await lakehouse.doctor.mend(what, output.onEvent);
        const findings = await lakehouse.doctor.look(signal);
        const mended = mend === undefined ? {} : { mended: due };
        await output.result({ ...mended, findings }, () => {
          const done = due.map((what) => t('Mended: {0}', what));
          return [...done, findingsText(bySeverity(findings))].join('\n');
        });
        const problems = findings.filter(({ status }) => status === 'problem').length;
        if (problems > 0) throw new UserError('problems-found', t('Problems found: {0}', problems));
      }),
    );
};
