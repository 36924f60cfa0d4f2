/**
 * The metastore names every schema and table by the whole path of its folder. When the folders move, so must the names:
 * by SQL on its Derby database, with Derby's own tool, which comes with Spark.
 */
import type { Finished } from '../process.ts';

/** Where the metastore of Hive 2.3 keeps locations. */
const LOCATIONS = [
  ['DBS', 'DB_LOCATION_URI'],
  ['SDS', 'LOCATION'],
  ['SERDE_PARAMS', 'PARAM_VALUE'],
  ['TABLE_PARAMS', 'PARAM_VALUE'],
] as const;

/** Spark writes paths as they are; a `CREATE TABLE … LOCATION` may have put them as a URI. */
function forms(path: string): readonly string[] {
  const spellings = [path, path.replaceAll('%', '%25').replaceAll(' ', '%20'), encodeURI(path)];
  return [path, ...spellings.flatMap((one) => [`file:${one}`, `file://${one}`])];
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statements that move locations from one folder of the warehouse to another; the database is `metastore`. */
export function relocation(from: string, to: string): string {
  const after = forms(to);
  const moves = new Map(forms(from).map((form, place) => [form, after[place] ?? to]));
  const updates = LOCATIONS.flatMap(([table, column]) =>
    [...moves].map(([before, then]) => {
      const start = `SUBSTR(${column}, 1, ${before.length + 1})`;
      const moved = `${literal(then)} || SUBSTR(${column}, ${before.length + 1})`;
      return (
        `UPDATE APP.${table} SET ${column} = ${moved} ` +
        `WHERE ${column} = ${literal(before)} OR ${start} = ${literal(`${before}/`)};`
      );
    }),
  );
  return ["CONNECT 'jdbc:derby:metastore';", 'AUTOCOMMIT OFF;', ...updates, 'COMMIT;', 'EXIT;', ''].join(
    '\n',
  );
}

/** Options and main class of the tool, for a database in `folder`; a script may follow. */
export const toolArguments = (folder: string): readonly string[] => [
  `-Dderby.system.home=${folder}`,
  '-Dderby.stream.error.field=java.lang.System.err',
  // The script holds file names.
  '-Dfile.encoding=UTF-8',
  '-Dderby.ui.codeset=UTF-8',
  'org.apache.derby.tools.ij',
];

/** The tool goes on after an error, and ends as if all were well. */
export function mustHaveMoved({ code, stdout, tail }: Finished): void {
  if (code === 0 && !/^(ERROR|IJ ERROR|JAVA ERROR)/m.test(stdout) && /rows? (inserted|updated)/.test(stdout))
    return;
  throw new Error(`the metastore's locations could not be moved: ${tail.join('\n')}`);
}
