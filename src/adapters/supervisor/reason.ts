/** The line of a Java program's log that says why it ended. */

const TELLING =
  /(?:^|\s)(?:Caused by: |Exception in thread "[^"]*" |[\w.$]*(?:Exception|Error): |ERROR |FATAL |Error: )/;

/**
 * ENOSPC as the programs say it; it has no code of its own there. The second is what Java makes of it where a file is
 * mapped into memory, as Kafka's indexes are.
 */
const FULL_DISK =
  /No space left on device|InternalError: a fault occurred in .*unsafe memory access operation/;

export const tellsOfFullDisk = (log: string): boolean => FULL_DISK.test(log);

/** The last telling line, else the last line at all, at most 300 characters; undefined when the log is empty. */
export function reasonInLog(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const line = lines.filter((one) => TELLING.test(one)).at(-1) ?? lines.at(-1);
  return line
    ?.replace(/^Caused by: /, '')
    .trim()
    .slice(0, 300);
}
