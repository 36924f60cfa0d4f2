/** What a check of a draft found, in lines for people. */
import type { Clash, Draft, DraftCheck } from './drafts.ts';
import { t } from './l10n.ts';
import { changeText } from './schemaDiff.ts';

export function clashText({ version, direction, field, reason }: Clash): string {
  const what = field === '' ? reason : `${field}: ${reason}`;
  return direction === 'backward'
    ? t('{0} (written with version {1})', what, version)
    : t('{0} (read with version {1})', what, version);
}

/** The verdict in one sentence. */
export function checkSummary({ subject, latest }: Draft, { compatible, level }: DraftCheck): string {
  if (!latest) return t('{0} is not there yet: any schema can be its first.', subject);
  if (level === 'NONE') return t('{0} takes any schema: its level is NONE.', subject);
  return compatible
    ? t('The draft goes with {0} ({1}).', subject, level)
    : t('The draft does not go with {0} ({1}).', subject, level);
}

export function checkLines(draft: Draft, check: DraftCheck): readonly string[] {
  const { clashes, messages, changes, by, compatible } = check;
  const reasons = [...clashes.map(clashText), ...(compatible ? [] : messages)];
  return [
    checkSummary(draft, check),
    ...reasons.map((reason) => `  ✗ ${reason}`),
    ...changes.map((change) => `  ${changeText(change)}`),
    ...(by === 'core'
      ? [
          t(
            'The registry cannot check a schema that refers to others; this is the judgement of Orders Lakehouse.',
          ),
        ]
      : []),
  ];
}
