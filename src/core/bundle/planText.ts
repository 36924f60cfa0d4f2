/** A plan in words, for the terminal and the editor alike. */
import { t } from '../l10n.ts';
import type { ActionKind, ResourceType } from './plan.ts';

/** What a person calls it. */
export const typeText = (type: ResourceType): string =>
  ({
    folder: t('folder'),
    file: t('file'),
    schema: t('schema'),
    volume: t('volume'),
    secretScope: t('secret scope'),
    pipeline: t('pipeline'),
    job: t('job'),
  })[type];

/** One action as it is done. */
export function stepText(kind: ActionKind, type: ResourceType, name: string): string {
  const what = typeText(type);
  return {
    create: t('{0} {1} is new', what, name),
    update: t('{0} {1} is changed', what, name),
    delete: t('{0} {1} is deleted', what, name),
    release: t('{0} {1} is let go: it stays there', what, name),
    same: t('{0} {1} is the same', what, name),
  }[kind];
}
