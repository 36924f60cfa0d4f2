/** What the supervisor is told to run: parts as values, written by `up`, read once by the supervisor. */
import type { Endpoints, PartName } from '../../core/sandbox.ts';
import type { Command } from '../process.ts';

/** When a part counts as running. */
export type Ready =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'port'; readonly port: number }
  /** Any bytes back: a process that hangs still has its connections accepted, by the kernel. */
  | { readonly kind: 'reply'; readonly port: number; /** Bytes, as Latin-1. */ readonly send: string }
  /** A line of its log since this start. */
  | { readonly kind: 'log'; readonly text: string };

export const repliesToHttp = (port: number): Ready => ({
  kind: 'reply',
  port,
  send: 'HEAD / HTTP/1.0\r\n\r\n',
});

export interface PartSpec extends Command {
  readonly name: PartName;
  readonly ports: Readonly<Record<string, number>>;
  /** Takes both streams, appended. */
  readonly logFile: string;
  /** All of them. */
  readonly ready: readonly Ready[];
  readonly readyTimeoutMs: number;
  /** Asked again and again while it runs. */
  readonly alive?: Ready;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number;
  /** A file that it may write as it ends, and the name that the file then gets. */
  readonly archive?: { readonly made: string; readonly kept: string };
}

export interface Launch {
  readonly stateFile: string;
  readonly endpoints: Endpoints;
  readonly parts: readonly PartSpec[];
}
