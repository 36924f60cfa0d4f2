/** Where the installed parts lie, once all of them are there. */
import { readJson } from '../files.ts';
import { homeLayout } from '../home.ts';
import type { JavaRuntime } from './parts/java.ts';

export interface Installed {
  /** Python of the environment that holds Spark. */
  readonly python: string;
  readonly sparkHome: string;
  /** Jar with the main class of the Spark server. */
  readonly sparkServer: string;
  readonly java: JavaRuntime;
  /** Folder of Kafka's jars. */
  readonly kafka: string;
  /** Folder of the registry's program. */
  readonly registry: string;
  /** Folder of the jars that Spark gets beyond its own. */
  readonly sparkJars: string;
  /** Folder for archives of loaded classes, which Java writes. */
  readonly archives: string;
}

/** The tools of the last start of this home; undefined when there was none. */
export function installedFor(home: string): Installed | undefined {
  return readJson(homeLayout(home).installed) as Installed | undefined;
}
