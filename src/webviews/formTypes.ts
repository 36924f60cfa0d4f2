/** What the parts of a message's form have of each other. */
import type { DraftPath, FormField } from '../wire/produce.ts';

/** What the whole form shares. */
export interface FormContext {
  readonly definitions: Readonly<Record<string, FormField>>;
  readonly onChange: () => void;
  readonly createNode: (field: FormField, options: NodeOptions) => FormNode;
}

/** What has parts: no control of its own, but places below. */
/** Something that holds no value of its kind: says so there, and returns where the focus goes. */
export type Wrong = () => HTMLElement;

export interface Parts {
  readonly element: HTMLElement;
  set(value: unknown): void;
  read(wrong: Wrong[]): unknown;
  /** What is wrong at a place below; undefined: it has no such place. */
  tell(path: DraftPath, reason: string): HTMLElement | undefined;
  clear(): void;
}

export interface FormNode {
  readonly element: HTMLElement;
  /** Undefined: left out. */
  set(value: unknown): void;
  /** Undefined: left out. What holds no value of its kind is read as it stands, and added to `wrong`. */
  read(wrong: Wrong[]): unknown;
  /** Shows it at the deepest place on the way there, and returns where the focus goes. */
  tell(path: DraftPath, reason: string): HTMLElement;
  clear(): void;
  readonly leftOut: boolean;
}

export interface NodeOptions {
  readonly name: string;
  readonly optional?: boolean;
  /** It was left out, or is there again. */
  readonly onPresence?: (node: FormNode) => void;
  /** What stands beside its name: the button that removes it. */
  readonly beside?: HTMLElement;
  readonly nullLabel?: string;
}
