/** The line of a Java program's log that says why it ended. */

const TELLING =
  /(?:^|\s)(?:Caused by: |Exception in thread "[^"]*" |[\w.$]*(?:Exception|Error): |ERROR |FATAL |Error: )/;

/** The last telling line, at most 300 characters; undefined when there is none. */
export function reasonInLog(log: string): string | undefined {
  const line = log
    .split('\n')
    .filter((one) => TELLING.test(one) && !/^\s+at /.test(one))
    .at(-1);
  return line
    ?.replace(/^Caused by: /, '')
    .trim()
    .slice(0, 300);
}
