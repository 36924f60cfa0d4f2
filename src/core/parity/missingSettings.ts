/** Settings that the code asks for without a default, and that the bundle does not set. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import { callOf, memberOf, nodesOf, plainString, textOf, type PythonFile } from './pythonText.ts';

/** What Spark and Databricks set themselves. */
const GIVEN = /^(?:spark|pipelines|delta)\./;

interface Configured {
  /** By every pipeline of the bundle. */
  readonly configured: ReadonlySet<string>;
  /** By one of them: another may not run this file at all. */
  readonly configuredSomewhere: ReadonlySet<string>;
}

export function checkSettings(
  file: PythonFile,
  { configured, configuredSomewhere }: Configured,
): readonly Spot[] {
  return [...nodesOf(file.tree)].flatMap((node): readonly Spot[] => {
    const call = callOf(file, node);
    const get = memberOf(call?.callee);
    const conf = memberOf(get?.base);
    if (!call || !get || !conf) return [];
    if (textOf(file, get.name) !== 'get' || textOf(file, conf.name) !== 'conf') return [];
    const [asked, ...more] = call.list;
    const name = plainString(file, asked?.value);
    if (!asked || more.length > 0 || name === undefined || GIVEN.test(name) || configured.has(name))
      return [];
    const some = configuredSomewhere.has(name);
    return [
      {
        from: asked.value.from,
        to: asked.value.to,
        code: 'missing-setting',
        severity: some ? 'warning' : 'error',
        message: some
          ? t(
              'Not every pipeline and target of the bundle sets {0}, and the code has no default for it.',
              name,
            )
          : t('The bundle does not set {0}, and the code has no default for it.', name),
        hint: t('Add it to the configuration of the pipeline, or give a second argument.'),
      },
    ];
  });
}
