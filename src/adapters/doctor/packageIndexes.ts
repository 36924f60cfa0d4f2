/** Where pip and Maven would fetch from: they are asked themselves, so that every setting of the person's counts. */
import { run } from '../process.ts';

const QUESTION = `
import glob, json, os, sys, zipfile
try:
    import pip
except ImportError:
    import ensurepip
    bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
    sys.path[:0] = [wheel for folder in (bundled, "/usr/share/python-wheels") for wheel in glob.glob(folder + "/pip-*.whl")][:1]
answer = {}
try:
    from pip._internal.commands import create_command
    options, _ = create_command("install").parse_args([])
    answer["pip"] = {"index": None if options.no_index else options.index_url, "proxy": options.proxy or None}
except Exception as error:
    answer["pipError"] = repr(error)
for jar in glob.glob(sys.argv[1] + "/lib/maven-model-builder-*.jar") if sys.argv[1] else []:
    pom = zipfile.ZipFile(jar).read("org/apache/maven/model/pom-4.0.0.xml").decode()
    answer["central"] = pom.split("<url>")[1].split("</url>")[0]
print(json.dumps(answer))
`;

export interface Indexes {
  /** Of pip; missing where pip cannot be asked, null where it is told to use none. */
  readonly pip?: { readonly index: string | null; readonly proxy: string | null };
  /** Maven's own central repository; missing where no Maven is. */
  readonly central?: string;
}

/** @param mavenHome empty where no Maven is. */
export async function askIndexes(python: string, mavenHome: string): Promise<Indexes> {
  const env = { PYTHONHOME: null, PYTHONPATH: null };
  const command = { command: python, args: ['-I', '-c', QUESTION, mavenHome], env };
  const { code, stdout } = await run(command, { timeoutMs: 10_000 });
  return code === 0 ? (JSON.parse(stdout) as Indexes) : {};
}

/** `Maven home: …` of `mvn -v`. */
export const mavenHomeIn = (output: string): string => /^Maven home: (.+)$/m.exec(output)?.[1]?.trim() ?? '';
