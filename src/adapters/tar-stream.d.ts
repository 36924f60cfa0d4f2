// The part of tar-stream that is used here; it brings no types.
declare module 'tar-stream' {
  import type { Duplex, Readable, Writable } from 'node:stream';

  export interface Header {
    readonly name: string;
    readonly type?: string;
    readonly size?: number;
    readonly mode?: number;
    readonly mtime?: Date;
  }
  export interface Pack extends Readable {
    /** With a text it is written at once; else `size` bytes must be written to what it returns. */
    entry(header: Header, text?: string): Writable;
    finalize(): void;
  }
  export interface Extract extends Duplex {
    on(
      event: 'entry',
      listener: (header: Required<Header>, body: Readable, next: (error?: Error) => void) => void,
    ): this;
    on(event: string, listener: (...args: never[]) => void): this;
  }
  export function pack(): Pack;
  export function extract(): Extract;
}
