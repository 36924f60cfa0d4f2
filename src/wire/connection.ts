/** The form of one connection. */
import type { ImportedConnection } from '../core/clientProperties.ts';
import type {
  ConnectionDraft,
  ConnectionProfile,
  ConnectionTest,
  Finding,
  SecretName,
} from '../core/connections.ts';
import type { HostCalls } from './page.ts';

export type * from '../core/connections.ts';

export interface OpenedConnection {
  readonly profile: ConnectionProfile;
  readonly isNew: boolean;
  /** Secrets that the editor holds; the page never gets to see them. */
  readonly kept: readonly SecretName[];
  /** What a file said that could not be taken. */
  readonly left: ImportedConnection['left'];
}

export type ConnectionCalls = HostCalls & {
  readonly opened: { readonly params: null; readonly result: OpenedConnection };
  readonly check: { readonly params: ConnectionProfile; readonly result: readonly Finding[] };
  /** Connects as the form says, with secrets that it does not name taken from those kept. */
  readonly test: { readonly params: ConnectionDraft; readonly result: readonly ConnectionTest[] };
  /** Closes the page, unless something must be mended first. */
  readonly save: { readonly params: ConnectionDraft; readonly result: readonly Finding[] };
  readonly cancel: { readonly params: null; readonly result: null };
  /** Path of a file that the person chooses; null when given up. */
  readonly chooseFile: { readonly params: { readonly title: string }; readonly result: string | null };
};
