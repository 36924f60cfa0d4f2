/** Syntax trees as the checks see them; adapters/parity.ts makes them. */

/** A node of Python, named as `@lezer/python` names it; tokens are nodes too. */
export interface PythonNode {
  readonly type: string;
  /** Offsets into the text. */
  readonly from: number;
  readonly to: number;
  readonly children: readonly PythonNode[];
  readonly parent: PythonNode | undefined;
  /** Here the text stops being Python. */
  readonly broken: boolean;
}

export interface YamlValue {
  readonly kind: 'value';
  readonly value: string | number | boolean | null;
  /** Quotes apart. */
  readonly from: number;
  readonly to: number;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly value: YamlNode | undefined;
}

export type YamlNode = YamlValue | YamlList | YamlMap;

export interface YamlFile {
  /** The first document; undefined when it is empty or no YAML. */
  readonly root: YamlNode | undefined;
  /** Why it is no YAML, in the parser's words. */
  readonly problem: { readonly message: string; readonly from: number; readonly to: number } | undefined;
}

export interface Syntax {
  /** Never throws: what cannot be read is `broken`. */
  python(text: string): PythonNode;
  yaml(text: string): YamlFile;
}
