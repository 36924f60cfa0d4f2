/** What every page is given at birth, and what every host answers and says. */

import type { Colour } from '../core/connections.ts';

/** In the page's own markup, as JSON in the element with this id. */
export const BOOT_ELEMENT = 'boot';

export interface Boot {
  /** BCP 47. */
  readonly locale: string;
  /** English text → translation; empty for English. */
  readonly bundle: Readonly<Record<string, string>>;
}

/** Whose data a page shows, where it is not the sandbox's. */
export interface ConnectionBadge {
  readonly name: string;
  readonly colour: Colour;
  readonly readOnly: boolean;
}

/** Calls that every page may make. */
export type HostCalls = {
  /** Puts text on the clipboard. */
  readonly copy: { readonly params: string; readonly result: null };
  /** Runs a command of the product; only those that the host allows this page. */
  readonly command: {
    readonly params: { readonly id: string; readonly args?: readonly string[] };
    readonly result: null;
  };
};

export type PageNotices = {
  /** What the page shows may be stale: it pulls again. */
  readonly changed: null;
};
