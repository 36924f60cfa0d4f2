/** What a look at the machine finds, before or after something went wrong. */

export interface Finding {
  /** Stable: `home`, `java`, `python`, `maven`, `ports`, `disk`, `cache`, `memory`, `docker`, `compose`. */
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'problem';
  /** What was seen, in one line. */
  readonly evidence: string;
  /** What to do, or what can be done, about it. */
  readonly fix?: string;
}
