/** The product's client on a fake workspace; it waits for nothing between two tries. */
import { createWorkspace } from '../../src/adapters/databricks/workspace.ts';
import type { Workspace } from '../../src/core/databricks/ports.ts';
import type { FakeWorkspace } from './fakeWorkspace.ts';

export const openWorkspace = ({ host }: Pick<FakeWorkspace, 'host'>, token: string): Workspace =>
  createWorkspace(
    { host, as: { kind: 'token', token } },
    {
      onEvent: () => undefined,
      signal: new AbortController().signal,
      clock: { sleep: () => Promise.resolve() },
    },
  );

/** What all pages hold. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}
