/** The parts of the outside that only the editor needs; adapters hold them, `extension.ts` hands them in. */
import type { Lakehouse } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { QueryResult } from '../core/tables.ts';
import type { EditorSettings } from './settings.ts';

export interface TopicThread {
  post(packet: unknown): void;
  onPacket(listener: (packet: unknown) => void): void;
  /** Hears why the thread ended by itself. */
  onEnd(listener: (error: Error) => void): void;
  close(): void;
}

export interface Outside {
  createLakehouse(settings: EditorSettings): Lakehouse;
  /** Tells the end of a `run` in a home, in whatever process. Returns what ends it. */
  watchHome(home: string, on: { readonly run: () => void }): () => void;
  /** Starts a thread that reads one topic; wire/topic.ts says what it answers. */
  topicThread(data: {
    readonly topic: string;
    readonly endpoints: Endpoints;
    readonly locale: string;
  }): Promise<TopicThread>;
  /**
   * Writes a whole result as CSV (RFC 4180, UTF-8, header line). An aborted or failed export leaves no file.
   * Throws UserError `cannot-write`.
   */
  writeCsv(
    path: string,
    result: QueryResult,
    onRows: (rows: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly rows: number }>;
}
