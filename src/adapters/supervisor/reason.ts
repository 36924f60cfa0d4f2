/** The line of a Java program's log that says why it ended. */

const TELLING =
  /(?:^|\s)(?:Caused by: |Exception in thread "[^"]*" |[\w.$]*(?:Exception|Error): |ERROR |FATAL |Error: )/;

/** ENOSPC as the programs say it; it has no code of its own there. */
export const tellsOfFullDisk = (log: string): boolean => log.includes('No space left on device');

/** The last telling line, else the last line at all, at most 300 characters; undefined when the log is empty. */
export function reasonInLog(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const line = lines.filter((one) => TELLING.test(one)).at(-1) ?? lines.at(-1);
  return line
    ?.replace(/^Caused by: /, '')
    .trim()
    .slice(0, 300);
}
