/** The page that shows what the doctor finds, and why the last start failed. */
import type { Finding, Mend } from '../core/doctor.ts';
import type { HostCalls } from './page.ts';

export type { Finding, Mend };

export interface FailedStart {
  readonly message: string;
  /** The next step, or the lines of a log that matter; several lines. */
  readonly hint?: string;
  /** A part failed, and its log can be shown. */
  readonly hasLog: boolean;
}

export interface Report {
  /** Problems first. */
  readonly findings: readonly Finding[];
  /** ISO 8601. */
  readonly lookedAt: string;
}

export interface Known {
  /** Of the last start of this window; null when it went well. */
  readonly failure: FailedStart | null;
  /** The last look; null before the first. */
  readonly report: Report | null;
  /** Something happened since: it is time to look again. */
  readonly due: boolean;
}

export type DoctorCalls = HostCalls & {
  readonly known: { readonly params: null; readonly result: Known };
  readonly look: { readonly params: null; readonly result: Report };
  /** What the button of a finding does. */
  readonly mend: { readonly params: Mend; readonly result: null };
  /** Puts the failure and the findings on the clipboard as text. */
  readonly copyAll: { readonly params: null; readonly result: null };
  readonly showLog: { readonly params: null; readonly result: null };
};
