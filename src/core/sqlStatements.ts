/** The statements of a text of Spark SQL: https://spark.apache.org/docs/latest/sql-ref-scripting.html has the blocks. */

export interface Statement {
  /** Offsets in the text; without the semicolon, and without space and comments around it. */
  readonly start: number;
  readonly end: number;
}

/** What is no code: comments may be nested in Spark; in strings a backslash, and a quote doubled, keep what follows. */
const TOKENS =
  /--[^\n]*|\/\*|r?'(?:[^'\\]|\\[^]|'')*(?:'|$)|r?"(?:[^"\\]|\\[^]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\$\$[^]*?(?:\$\$|$)|[A-Za-z_]\w*|;|\S/gi;

/** Where a comment that begins at `from` ends. */
function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (const mark of text.slice(from).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return from + mark.index + 2;
  }
  return text.length;
}

/** Words that open a block closed by END, inside of BEGIN … END. */
const OPENS = /^(begin|case|if|loop|while|for|repeat)$/;

/** In their order. What has an end of its own is one: a block `BEGIN … END` with all the semicolons in it. */
export function splitStatements(text: string): readonly Statement[] {
  const found: Statement[] = [];
  let start: number | undefined;
  let end = 0;
  let depth = 0;
  let before = '';
  const close = (): void => {
    if (start !== undefined) found.push({ start, end });
    start = undefined;
    depth = 0;
    before = '';
  };
  const pattern = new RegExp(TOKENS);
  for (let token = pattern.exec(text); token; token = pattern.exec(text)) {
    const [word] = token;
    const at = token.index;
    if (word.startsWith('--')) continue;
    if (word === '/*') {
      const after = commentEnd(text, at);
      // A hint of the planner is part of its statement.
      if (start !== undefined) end = text.startsWith('/*+', at) ? after : end;
      pattern.lastIndex = after;
      continue;
    }
    if (word === ';' && depth === 0) {
      close();
      continue;
    }
    const lower = word.toLowerCase();
    if (lower === 'begin' && start !== undefined && depth === 0 && !opensBlock(text.slice(start, at))) {
      // A name.
    } else if (depth > 0 || lower === 'begin') {
      // `END IF`, `END WHILE`: the word after END opens nothing. `WHILE … DO`: its END closes it.
      if (lower === 'end') depth -= 1;
      else if (OPENS.test(lower) && before !== 'end' && !isFunction(lower, text, at + word.length))
        depth += 1;
    }
    start ??= at;
    end = at + word.length;
    before = lower;
  }
  close();
  return found;
}

/** A block is a statement of its own, or the body of a procedure. */
function opensBlock(head: string): boolean {
  return /^\s*create\b[^]*\bprocedure\b/i.test(head) || /^\s*[A-Za-z_]\w*\s*:\s*$/.test(head);
}

/** `if(a, b, c)` and `repeat('x', 3)` are functions; a condition of IF in brackets is followed by THEN. */
function isFunction(word: string, text: string, after: number): boolean {
  if (word !== 'if' && word !== 'repeat') return false;
  const open = /^\s*\(/.exec(text.slice(after, after + 100));
  if (!open) return false;
  let depth = 0;
  for (let at = after + open[0].length - 1; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return !/^\s*(then|and|or|=|<|>|!)/i.test(text.slice(at + 1, at + 20));
  }
  return true;
}

/** The statement a cursor is in or right behind, else the one before it, else the first. */
export function statementAt(statements: readonly Statement[], offset: number): Statement | undefined {
  return statements.findLast(({ start }) => start <= offset) ?? statements[0];
}

/** Where Spark says that a statement is wrong: line from 1, position from 0, of the statement. */
export function placeOfError(
  message: string,
): { readonly line: number; readonly column: number } | undefined {
  const found = /line (\d+),? pos(?:ition)?\s*(\d+)/.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
}

/** Whether it only reads, so that it may be run again to write all its rows to a file. */
export function isQuery(sql: string): boolean {
  const [first = ''] = /[A-Za-z]+/.exec(sql.replace(/^(?:\s|\(|--[^\n]*\n|\/\*[^]*?\*\/)+/, '')) ?? [];
  if (!/^(select|with|from|values|table|show|describe|desc|explain)$/i.test(first)) return false;
  // `FROM a INSERT INTO b SELECT …`, `WITH c AS (…) INSERT …`
  return !/\b(insert|merge|update|delete)\b/i.test(sql);
}
