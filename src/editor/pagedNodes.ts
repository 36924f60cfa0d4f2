/** Nodes of a list that comes in pages: as many as one looks at, and below "more…" the next ones. */
import { t } from '../core/l10n.ts';
import type { TreeNode } from './tree.ts';

/** Nodes shown before "more…". */
const AT_ONCE = 100;

/** `none`: what is said where there is nothing. */
export async function pagedNodes<T>(
  parent: string,
  pages: AsyncIterable<readonly T[]>,
  nodeOf: (one: T) => TreeNode,
  none: string,
): Promise<readonly TreeNode[]> {
  const iterator = pages[Symbol.asyncIterator]();
  let waiting: readonly T[] = [];
  let ended = false;
  const next = async (at: number): Promise<readonly TreeNode[]> => {
    // One more than is shown tells whether there is more.
    while (waiting.length <= AT_ONCE && !ended) {
      const page = await iterator.next();
      if (page.done) ended = true;
      else waiting = [...waiting, ...page.value];
    }
    const shown = waiting.slice(0, AT_ONCE).map(nodeOf);
    waiting = waiting.slice(AT_ONCE);
    if (waiting.length === 0) return shown;
    const from = at + shown.length;
    let loaded: Promise<readonly TreeNode[]> | undefined;
    return [
      ...shown,
      {
        id: `${parent}/more/${from}`,
        label: t('more…'),
        children: () => {
          // The pages come once; what failed is tried anew.
          loaded ??= next(from);
          loaded.catch(() => {
            loaded = undefined;
          });
          return loaded;
        },
      },
    ];
  };
  const first = await next(0);
  return first.length > 0 ? first : [{ id: `${parent}/none`, label: none }];
}
