/** deploy check. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { documentationOf, gates } from '../core/parity/finding.ts';
import { parityText } from '../core/parity/findingsText.ts';
import type { Verb } from './verb.ts';

export const check: Verb = (deploy, run) => {
  deploy
    .command('check')
    .argument('[folder]', t('folder of the project, with databricks.yml'), '.')
    .description(
      t('look for what would not work on Azure Databricks; exit code 1 when something keeps from a deploy'),
    )
    .action(
      run(async ({ parity, output, signal }, folder: string) => {
        const found = await (await parity()).check(folder, { signal });
        const findings = found.map((finding) => ({ ...finding, documentation: documentationOf(finding) }));
        await output.result({ folder, ok: !gates(found), findings }, () => parityText(found));
        if (gates(found)) throw new UserError('parity', t('This would not work on Azure Databricks.'));
      }),
    );
};
