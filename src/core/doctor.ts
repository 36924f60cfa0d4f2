/** What a look at the machine finds, before or after something went wrong. */

export interface Finding {
  /** Stable: `java`, `python`, `maven`, `ports`, `disk`, `memory`. */
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'problem';
  /** What was seen, in one line. */
  readonly evidence: string;
  /** What to do about it; missing when it is fine. */
  readonly fix?: string;
}
