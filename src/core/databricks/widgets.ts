/** The parameters that a notebook takes: its widgets, with what they hold when nobody says otherwise. */
import { cellsOf } from './cells.ts';
import type { Notebook } from './notebooks.ts';

export interface Widget {
  readonly name: string;
  readonly value: string;
}

const TEXT = String.raw`(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')`;
/** `dbutils.widgets.text("name", "value", …)`, in Python and Scala; arguments may be named. */
const MADE = new RegExp(
  String.raw`dbutils\s*\.\s*widgets\s*\.\s*(?:text|dropdown|combobox|multiselect)\s*\(\s*(?:name\s*=\s*)?${TEXT}(?:\s*,\s*(?:defaultValue\s*=\s*)?${TEXT})?`,
  'g',
);
const ASKED = new RegExp(String.raw`dbutils\s*\.\s*widgets\s*\.\s*get(?:Argument)?\s*\(\s*${TEXT}`, 'g');
/** `CREATE WIDGET TEXT name DEFAULT "value"`. */
const DECLARED = new RegExp(
  String.raw`\bCREATE\s+WIDGET\s+(?:TEXT|DROPDOWN|COMBOBOX|MULTISELECT)\s+(?:` +
    '`([^`]+)`' +
    String.raw`|(\w+))\s+DEFAULT\s+${TEXT}`,
  'gi',
);

const unescaped = (text: string | undefined): string => (text ?? '').replace(/\\(.)/g, '$1');

/** In the order in which they stand. Names that are only asked for have no value. */
export function widgetsOf(notebook: Notebook): readonly Widget[] {
  const found = new Map<string, string>();
  const add = (name: string, value: string): void => {
    if (name !== '' && !found.get(name)) found.set(name, value);
  };
  for (const { language, lines } of cellsOf(notebook)) {
    const text = lines.filter((line) => !/^\s*(#|--|\/\/)/.test(line)).join('\n');
    if (language === 'sql') {
      for (const [, quoted, plain, one, other] of text.matchAll(DECLARED)) {
        add(quoted ?? plain ?? '', unescaped(one ?? other));
      }
    }
    if (!['python', 'scala', 'r'].includes(language)) continue;
    for (const [, name, other, one, two] of text.matchAll(MADE))
      add(unescaped(name ?? other), unescaped(one ?? two));
    for (const [, name, other] of text.matchAll(ASKED)) add(unescaped(name ?? other), '');
  }
  return [...found].map(([name, value]) => ({ name, value }));
}
