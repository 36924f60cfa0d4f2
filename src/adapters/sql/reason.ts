/** Spark's error texts, cut down to what a person needs. */

/**
 * `[CLASS] reason … line 1 pos 7` of an error of Spark, without Java's exception names, the query plan and the stack.
 * The error classes are those of Spark's documentation ("Error conditions").
 */
export function sparkReason(text: string): string {
  // The server says the class twice: once before and once after the name of Java's exception.
  const bare = text.replace(/(?:^|\[[A-Z0-9_.]+\] )(?:[\w.$]+(?:Exception|Error)(?:: *|$))+/g, '');
  const start = bare.search(/\[[A-Z][A-Z0-9_.]+\]/);
  const from = start >= 0 ? bare.slice(start) : bare;
  const body = from.split(/\n\s*at |;\s*\n\s*'|\n'|\n== SQL|\nJVM stacktrace/)[0] ?? from;
  const position = /line (\d+),? pos(?:ition)?\s*(\d+)/.exec(from)?.[0];
  const short = body
    .replace(/\s*SQLSTATE: *\w+/, '')
    .replace(/\s*\(line \d+, pos \d+\)|;? *line \d+ pos \d+;?/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return position ? `${short} (${position})` : short;
}
