/** The form of one workspace of Azure Databricks. */
import type {
  ConfigProfile,
  Finding,
  WorkspaceDraft,
  WorkspaceProfile,
  WorkspaceTest,
} from '../core/databricks/workspaces.ts';
import type { HostCalls } from './page.ts';

export type * from '../core/databricks/workspaces.ts';

export interface OpenedWorkspace {
  readonly profile: WorkspaceProfile;
  readonly isNew: boolean;
  /** The kind of login whose secret the editor holds; the page never gets to see it. */
  readonly kept: WorkspaceProfile['login']['kind'] | null;
  /** Of `~/.databrickscfg`. */
  readonly profiles: readonly ConfigProfile[];
  /** Whether the Azure CLI is on this machine. */
  readonly azureCli: boolean;
}

export type WorkspaceCalls = HostCalls & {
  readonly opened: { readonly params: null; readonly result: OpenedWorkspace };
  readonly check: { readonly params: WorkspaceDraft; readonly result: readonly Finding[] };
  /** Logs in as the form says, with the secret that is kept where it names none. It may ask to sign in. */
  readonly test: { readonly params: WorkspaceDraft; readonly result: readonly WorkspaceTest[] };
  /** Closes the page, unless something must be mended first, or a person would rather test it. */
  readonly save: { readonly params: WorkspaceDraft; readonly result: readonly Finding[] };
  readonly cancel: { readonly params: null; readonly result: null };
};
