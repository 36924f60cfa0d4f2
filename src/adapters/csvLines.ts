/** CSV as RFC 4180 has it: a header line, then a line for each row of cells. */
import { stringify, type Stringifier } from 'csv-stringify';

/** Null is an empty field, an empty text a quoted one. */
export function csvLines(columns: readonly string[]): Stringifier {
  return stringify({
    header: true,
    columns: columns.map((name) => ({ key: name, header: name })),
    record_delimiter: 'windows',
    cast: {
      boolean: String,
      string: (text) => (text === '' ? { value: text, quoted_empty: true } : text),
    },
  });
}
