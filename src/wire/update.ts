/** The page that follows an update of a pipeline in a workspace, and its host. */
import type { StateText } from '../core/databricks/stateText.ts';
import type { UpdateReport } from '../core/databricks/updateReport.ts';
import type { ConnectionBadge, HostCalls } from './page.ts';

export interface UpdateShown {
  readonly badge: ConnectionBadge;
  readonly pipeline: string;
  readonly state: StateText;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly fullRefresh: boolean;
  readonly report: UpdateReport;
  /** Grows with each change; asked with it, the next answer waits for a newer one. */
  readonly version: number;
  /** Nothing more comes. */
  readonly over: boolean;
}

export type UpdateCalls = HostCalls & {
  /** Answers when there is something newer than that version; at once for 0, and when it is over. */
  readonly follow: { readonly params: { readonly version: number }; readonly result: UpdateShown };
  /** Asks first. */
  readonly stop: { readonly params: null; readonly result: null };
  readonly browse: { readonly params: null; readonly result: null };
  /** The event log by SQL, in a grid. */
  readonly log: { readonly params: null; readonly result: null };
};
