// The part of tar-fs that is used here; it brings no types.
declare module 'tar-fs' {
  export interface Header {
    readonly name: string;
    readonly type: string;
    readonly uid: number;
    readonly gid: number;
    readonly mode: number;
  }
  export interface PackOptions {
    readonly ignore?: (name: string) => boolean;
    /** Only these of the folder. */
    readonly entries?: readonly string[];
    readonly map?: (header: Header) => Header;
  }
  /** The files of a folder as a tar archive. */
  export function pack(folder: string, options?: PackOptions): NodeJS.ReadableStream;
  /** Unpacks into a folder, as files of this user. */
  export function extract(folder: string, options: { readonly chown: false }): NodeJS.WritableStream;
}
