import assert from 'node:assert/strict';
import { pagedNodes } from '../../../src/editor/pagedNodes.ts';
import type { TreeNode } from '../../../src/editor/tree.ts';

const node = (n: number): TreeNode => ({ id: `n${n}`, label: String(n) });
const labels = (nodes: readonly TreeNode[]): string[] => nodes.map(({ label }) => label);

function pages(total: number, size: number) {
  const asked: number[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* all() {
    for (let from = 0; from < total; from += size) {
      asked.push(from);
      yield Array.from({ length: Math.min(size, total - from) }, (_, index) => from + index);
    }
  }
  return { asked, all: all() };
}

describe('a long list in a tree', () => {
  it('says that there is nothing', async () => {
    assert.deepEqual(labels(await pagedNodes('p', pages(0, 10).all, node, 'none here')), ['none here']);
  });

  it('shows a hundred, and the next below "more…", asked for when it is opened, once', async () => {
    const { asked, all } = pages(250, 60);
    const first = await pagedNodes('p', all, node, '');
    assert.deepEqual(labels(first), [...Array.from({ length: 100 }, (_, n) => String(n)), 'more…']);
    assert.deepEqual(asked, [0, 60]);
    const second = (await first.at(-1)?.children?.()) ?? [];
    assert.deepEqual(labels(second).slice(0, 2), ['100', '101']);
    assert.equal(await first.at(-1)?.children?.(), second);
    const third = (await second.at(-1)?.children?.()) ?? [];
    assert.deepEqual(labels(third).at(-1), '249');
    assert.equal(third.length, 50);
    const ids = [...first, ...second, ...third].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('offers no more where there is none', async () => {
    assert.equal((await pagedNodes('p', pages(100, 100).all, node, '')).length, 100);
  });
});
