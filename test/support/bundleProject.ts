/** Our own bundle, the one of `sandbox/`, copied to where a test may change it. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SANDBOX = join(import.meta.dirname, '..', '..', 'sandbox');

export interface TestProject {
  readonly folder: string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Fails when the text is not there. */
  replace(path: string, text: string, by: string): void;
}

export function copyBundle(folder: string): TestProject {
  mkdirSync(folder, { recursive: true });
  for (const one of ['databricks.yml', 'resources', 'lakehouse']) {
    cpSync(join(SANDBOX, one), join(folder, one), {
      recursive: true,
      filter: (path) => !path.includes('__pycache__'),
    });
  }
  return openProject(folder);
}

export function openProject(folder: string): TestProject {
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    folder,
    read,
    write,
    replace: (path, text, by) => {
      const before = read(path);
      if (!before.includes(text)) throw new Error(`${path} holds no ${text}`);
      write(path, before.replace(text, by));
    },
  };
}

/** Of the template's variables those that have no value of their own. */
export const VARIABLES: Readonly<Record<string, string>> = {
  BUNDLE_VAR_kafka_bootstrap: 'pkc-1.example.com:9092',
  BUNDLE_VAR_registry_url: 'https://psrc-1.example.com',
};
/** The secrets that it names. */
export const SECRETS = ['kafka-api-key', 'kafka-api-secret', 'registry-api-key', 'registry-api-secret'];
