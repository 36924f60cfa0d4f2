/** What SQL over the Hive Thrift protocol has in common, whoever serves it: the sandbox's Spark, or a warehouse. */
import { Cancelled, throwIfCancelled } from '../../core/errors.ts';
import type { Tables } from '../../core/ports.ts';
import type { Cell, Column, QueryResult } from '../../core/tables.ts';

/** Rows asked for at once: about a megabyte of orders. */
export const FETCH_ROWS = 10_000;
/** A server that was told to cancel says so at once; one that cannot be reached is waited for no longer. */
const CANCEL_MS = 5000;

/** A statement that a server has taken. */
export interface ThriftStatement {
  /** Waits until rows can be fetched. Throws Cancelled when the server ended it. */
  finished(signal: AbortSignal): Promise<void>;
  /** The next rows, about `limit` of them; none at the end. */
  next(limit: number): Promise<readonly Cell[][]>;
  /** Known once rows were asked for. */
  columns(): Promise<readonly Column[]>;
  /** Tells the server to end it, also where it computes rows only as they are fetched, and to forget it. */
  cancel(): Promise<void>;
  /** Lets the server forget it. */
  close(): Promise<void>;
}

export interface ThriftSession {
  execute(sql: string, firstRows: number): Promise<ThriftStatement>;
  close(): Promise<void>;
}

export interface ThriftServer {
  /** Waits until it takes sessions; asked before each is opened. */
  ready?(signal: AbortSignal): Promise<void>;
  open(): Promise<ThriftSession>;
  /** The session is gone, and a statement sent on it was not run. */
  readonly isSessionLost: (error: unknown) => boolean;
  /** What a person is told. */
  readonly told: (error: unknown) => unknown;
}

interface Patience {
  /** What a server answers; rejects when a cancelled call should have ended by now. */
  readonly soon: <T>(answer: Promise<T>) => Promise<T>;
  readonly end: () => void;
}

function patience(signal: AbortSignal): Patience {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  // Not one promise that all race with: it would hold all that they answered.
  const waiting = new Set<() => void>();
  const start = (): void => {
    timer = setTimeout(() => {
      isOver = true;
      for (const giveUp of waiting) giveUp();
    }, CANCEL_MS);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return {
    soon: async (answer) => {
      let giveUp = (): void => undefined;
      try {
        return await new Promise((resolve, reject) => {
          giveUp = () => {
            reject(new Cancelled());
          };
          waiting.add(giveUp);
          answer.then(resolve, reject);
          if (isOver) giveUp();
        });
      } finally {
        waiting.delete(giveUp);
      }
    },
    end: () => {
      signal.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}

/** Connects at the first query, and again after the server was away. */
export function createThriftTables(server: ThriftServer): Tables {
  let connected: Promise<ThriftSession> | undefined;

  /** A session that the server has forgotten is opened anew, once. */
  const execute = async (sql: string, firstRows: number, signal: AbortSignal): Promise<ThriftStatement> => {
    const kept = connected;
    if (!kept) await server.ready?.(signal);
    throwIfCancelled(signal);
    const mine = (connected ??= server.open());
    try {
      return await (await mine).execute(sql, firstRows);
    } catch (error) {
      const lost = server.isSessionLost(error);
      // One that never was is not kept either.
      if (lost || (await mine.catch(() => undefined)) === undefined) {
        if (connected === mine) connected = undefined;
      }
      if (kept === undefined || !lost) throw error;
      return await execute(sql, firstRows, signal);
    }
  };

  const query: Tables['query'] = async (sql, { limit }, signal) => {
    throwIfCancelled(signal);
    const { soon, end } = patience(signal);
    const sent = execute(sql, Math.min(FETCH_ROWS, limit ?? FETCH_ROWS), signal);
    let statement: ThriftStatement | undefined;
    const cancel = (): void => {
      // The query's own promise tells how it ended; a failed cancel adds nothing to that.
      statement?.cancel().catch(() => undefined);
    };
    const release = async (): Promise<void> => {
      signal.removeEventListener('abort', cancel);
      // Cancelled, it is forgotten as well.
      if (statement && !signal.aborted) await soon(statement.close()).finally(end);
      else end();
    };
    try {
      statement = await soon(sent);
      signal.addEventListener('abort', cancel, { once: true });
      // It came while the server was taking it.
      if (signal.aborted) {
        cancel();
        throw new Cancelled();
      }
      await soon(statement.finished(signal));
      return await openResult({ statement, limit, signal, soon, told: server.told, release });
    } catch (error) {
      await release().catch(() => undefined);
      // Taken after nobody waited for it any more.
      if (!statement) sent.then((late) => late.cancel()).catch(() => undefined);
      throw signal.aborted ? new Cancelled() : server.told(error);
    }
  };

  return {
    query,
    close: async () => {
      const closing = connected;
      connected = undefined;
      const kept = await closing?.catch(() => undefined);
      // A server that is gone has closed it.
      await kept?.close().catch(() => undefined);
    },
  };
}

interface Opened {
  readonly statement: ThriftStatement;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
  readonly soon: Patience['soon'];
  readonly told: ThriftServer['told'];
  readonly release: () => Promise<void>;
}

async function openResult({ statement, limit, signal, soon, told, release }: Opened): Promise<QueryResult> {
  const atOnce = Math.min(FETCH_ROWS, limit ?? FETCH_ROWS);
  let batch = await soon(statement.next(atOnce));
  const columns = await soon(statement.columns());

  async function* rows(): AsyncGenerator<readonly Cell[][]> {
    let left = limit ?? Number.POSITIVE_INFINITY;
    try {
      while (batch.length > 0 && left > 0) {
        throwIfCancelled(signal);
        yield batch.length > left ? batch.slice(0, left) : batch;
        left -= batch.length;
        batch = left > 0 ? await soon(statement.next(atOnce)) : [];
      }
    } catch (error) {
      throw signal.aborted ? new Cancelled() : told(error);
    } finally {
      batch = [];
      await release().catch(() => undefined);
    }
  }
  return { columns, rows: rows() };
}
