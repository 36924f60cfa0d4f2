/** What a pipeline's `environment.dependencies` bring: lines of a pip requirements file. */
import { importNames } from './runtimePackages.ts';

export interface Requirements {
  /** Names that can then be imported. */
  readonly names: ReadonlySet<string>;
  /** Some lines do not tell what they bring. */
  readonly open: boolean;
}

const WHEEL = /([A-Za-z0-9_.]+)-[^-/\\]+(?:-[^-/\\]+){2,3}\.whl$/;
const NAMED = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~@;].*)?$/;

/** `fileAt` gives the text of a requirements file that a line names with `-r`. */
export function readRequirements(
  lines: readonly string[],
  fileAt: (path: string) => string | undefined,
  deep = 0,
): Requirements {
  const names = new Set<string>();
  let open = false;
  for (const line of lines) {
    const text = line.replace(/(^|\s)#.*$/, '').trim();
    const file = /^(?:-r|--requirement)[ =](.+)$/.exec(text)?.[1]?.trim();
    const named = WHEEL.exec(text)?.[1] ?? NAMED.exec(text)?.[1] ?? /[#&]egg=([\w.-]+)/.exec(text)?.[1];
    if (text === '' || /^--?(c|constraint|i|index-url|extra-index-url|find-links|f)\b/.test(text)) continue;
    if (file !== undefined && deep < 5) {
      const inside = fileAt(file);
      const read =
        inside === undefined ? undefined : readRequirements(inside.split(/\r?\n/), fileAt, deep + 1);
      for (const name of read?.names ?? []) names.add(name);
      open ||= read?.open ?? true;
    } else if (named !== undefined) {
      for (const name of importNames(named)) names.add(name);
      // A wheel may bring more than its name says.
      open ||= WHEEL.test(text);
    } else {
      open = true;
    }
  }
  return { names, open };
}
