/** Lines of a part's log as records: Kafka's and Spark's log4j, the registry's Quarkus, and what the JVM says itself. */

export type LogLevel = 'info' | 'warning' | 'error';

export interface LogLine {
  /** Of a continuation, that of its record. */
  readonly level: LogLevel;
  /** As the program wrote it. */
  readonly time?: string;
  /** The line whole. */
  readonly text: string;
  /** Where the message begins, after time and level. */
  readonly at: number;
  /** It belongs to the record of the line before: a stack trace, a message of several lines. */
  readonly continues: boolean;
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  WARN: 'warning',
  WARNING: 'warning',
  ERROR: 'error',
  FATAL: 'error',
  SEVERE: 'error',
};

/** `[2026-11-24 13:22:35,013] WARN …`, `2026-11-24T13:22:35Z INFO …`, `26/11/24 13:22:39 WARN …`. */
const HEAD =
  /^\[?(\d{2,4}[-/]\d{2}(?:[+-]\d{2})?[-/]\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)\]? +(?:<[^>]*> +)?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE)\b */;
/** What a program without a logger says of its end; never a part of the record before. */
const BARE_ERROR =
  /^(?:Exception in thread "|Error occurred during initialization of VM|Error: |ERROR: |FATAL: |Terminating due to |# A fatal error|# There is insufficient memory|\[error\])/;
const BARE_WARNING = /^(?:WARNING: |SLF4J\(W\): |(?:OpenJDK|Java HotSpot)\S* .*\bVM warning: |\[warning\])/;
/** Of a stack trace, wherever it stands. */
const TRACE = /^(?:\s|Caused by: |Suppressed: |#)/;

/** Reads one log from anywhere; each call takes the next line. */
export function createLogReader(): (text: string) => LogLine {
  let level: LogLevel = 'info';
  // Lines without a head follow one that has one; a plain line is a record of its own.
  let open = false;

  return (text) => {
    const head = HEAD.exec(text);
    if (head) {
      level = LEVELS[head[2] ?? ''] ?? 'info';
      open = true;
      return { level, time: head[1] ?? '', text, at: head[0].length, continues: false };
    }
    const bare = BARE_ERROR.test(text) ? 'error' : BARE_WARNING.test(text) ? 'warning' : undefined;
    // The header that the JVM writes before it dies is one record of many lines that begin alike.
    if (bare && !(open && level === 'error' && text.startsWith('# '))) {
      level = bare;
      open = bare === 'error';
      return { level, text, at: 0, continues: false };
    }
    if (open || TRACE.test(text)) return { level, text, at: 0, continues: true };
    level = 'info';
    return { level, text, at: 0, continues: false };
  };
}
