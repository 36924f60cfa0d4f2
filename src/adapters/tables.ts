/** SQL on the sandbox's Spark, through its Thrift server over HTTP. A file of its own in dist/, loaded at first use. */
import { FetchOrientation } from 'hive-driver/dist/hive/Types';
import { auth, connections, HiveClient, thrift } from 'hive-driver';
import { Cancelled, isCancelled, isUserError, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Tables } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { Cell, QueryResult } from '../core/tables.ts';
import { columnsOf, rowsOf, type ThriftColumn, type ThriftColumnDescription } from './sql/cells.ts';
import { sparkReason } from './sql/reason.ts';

/** Rows asked for at once: about a megabyte of orders. */
const FETCH_ROWS = 10_000;

type Session = Awaited<ReturnType<HiveClient['openSession']>>;
type Operation = Awaited<ReturnType<Session['executeStatement']>>;

interface Connected {
  readonly session: Session;
  /** What the driver answers; it leaves a call without an answer for ever when the connection breaks. */
  readonly answer: <T>(call: Promise<T>) => Promise<T>;
}

/** A statement, and the connection it runs on. */
interface Statement {
  readonly operation: Operation;
  readonly answer: Connected['answer'];
}

const connectionLost = (cause: unknown): Error =>
  Object.assign(new Error('the connection broke', { cause }), { code: 'ECONNRESET' });

/** Generated from TCLIService.thrift; hive-driver passes them on untyped. */
const TCLIService = thrift.TCLIService as object;
const types = thrift.TCLIService_types as {
  readonly TOperationState: Readonly<Record<string, number>>;
  readonly TProtocolVersion: Readonly<Record<string, number>>;
};
const STATE = types.TOperationState;

/** Connects at the first query, and again after the server was away. */
export function createTables(at: Endpoints['sparkSql']): Promise<Tables> {
  let connected: Promise<Connected> | undefined;

  const open = async (): Promise<Connected> => {
    const client = new HiveClient(TCLIService, types as never);
    const broken = new Promise<never>((_resolve, reject) => {
      client.on('error', (error: unknown) => {
        reject(connectionLost(error));
      });
    });
    // Whoever waits for an answer hears it.
    broken.catch(() => undefined);
    const answer = <T>(call: Promise<T>): Promise<T> => Promise.race([call, broken]);
    await client.connect(
      { host: at.host, port: at.port, options: { path: `/${at.path}`, https: false } },
      new connections.HttpConnection(),
      new auth.PlainHttpAuthentication({ username: 'orders', password: 'local' }),
    );
    const session = await answer(
      client.openSession({
        client_protocol: types.TProtocolVersion['HIVE_CLI_SERVICE_PROTOCOL_V10'] as number,
      }),
    );
    return { session, answer };
  };

  /** A session that a restarted server has forgotten is opened anew, once. */
  const execute = async (sql: string): Promise<Statement> => {
    const kept = connected;
    connected ??= open();
    try {
      const { session, answer } = await connected;
      return { operation: await answer(session.executeStatement(sql, { runAsync: true })), answer };
    } catch (error) {
      connected = undefined;
      if (kept === undefined || !isSessionLost(error)) throw toUserError(error);
      return await execute(sql);
    }
  };

  const query: Tables['query'] = async (sql, { limit }, signal) => {
    throwIfCancelled(signal);
    const { operation, answer } = await execute(sql);
    const cancel = (): void => {
      // The query's own promise tells how it ended; a failed cancel adds nothing to that.
      operation.cancel().catch(() => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true });
    const release = async (): Promise<void> => {
      signal.removeEventListener('abort', cancel);
      await answer(operation.close());
    };
    try {
      await finished({ operation, answer }, signal);
      return await openResult({ operation, answer }, limit, signal, release);
    } catch (error) {
      await release().catch(() => undefined);
      throw signal.aborted ? new Cancelled() : toUserError(error);
    }
  };

  return Promise.resolve({
    query,
    close: async () => {
      const closing = connected;
      connected = undefined;
      const kept = await closing?.catch(() => undefined);
      // A server that is gone has closed it.
      await kept?.answer(kept.session.close()).catch(() => undefined);
    },
  });
}

async function finished({ operation, answer }: Statement, signal: AbortSignal): Promise<void> {
  for (;;) {
    // The server answers when the state changes, or after a while (long polling).
    const status = await answer(operation.status(false));
    throwIfCancelled(signal);
    const state = status.operationState;
    if (state === STATE['FINISHED_STATE']) return;
    if (state === STATE['ERROR_STATE']) throw badSql(status.errorMessage ?? '');
    if (state === STATE['CANCELED_STATE'] || state === STATE['CLOSED_STATE']) throw new Cancelled();
  }
}

async function openResult(
  { operation, answer }: Statement,
  limit: number | undefined,
  signal: AbortSignal,
  release: () => Promise<void>,
): Promise<QueryResult> {
  operation.setMaxRows(Math.min(FETCH_ROWS, limit ?? FETCH_ROWS));
  const next = async (): Promise<Cell[][]> => {
    await answer(operation.fetch(FetchOrientation.FETCH_NEXT));
    const sets = operation.getData() as { readonly columns?: readonly ThriftColumn[] | null }[];
    operation.flush();
    return sets.flatMap((set) => rowsOf(set.columns ?? []));
  };
  let batch = await next();
  const schema = operation.getSchema() as { readonly columns: readonly ThriftColumnDescription[] } | null;

  async function* rows(): AsyncGenerator<Cell[][]> {
    let left = limit ?? Number.POSITIVE_INFINITY;
    try {
      while (batch.length > 0 && left > 0) {
        throwIfCancelled(signal);
        yield batch.length > left ? batch.slice(0, left) : batch;
        left -= batch.length;
        batch = left > 0 && operation.hasMoreRows() ? await next() : [];
      }
    } catch (error) {
      throw signal.aborted ? new Cancelled() : toUserError(error);
    } finally {
      await release().catch(() => undefined);
    }
  }
  return { columns: columnsOf(schema?.columns ?? []), rows: rows() };
}

/** The server was started anew, or closed the session: INVALID_HANDLE, or the connection is gone. */
function isSessionLost(error: unknown): boolean {
  return connectionCode(error) !== undefined || /Invalid SessionHandle|statusCode=404/.test(String(error));
}

function connectionCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && code.startsWith('E') ? code : undefined;
}

function badSql(serverMessage: string, cause?: unknown): UserError {
  return new UserError('bad-sql', sparkReason(serverMessage), {
    hint: t('Check the statement; SHOW TABLES IN gold lists the tables of a layer.'),
    ...(cause === undefined ? {} : { cause }),
  });
}

function toUserError(error: unknown): unknown {
  if (isUserError(error) || isCancelled(error)) return error;
  // hive-driver's StatusError carries the server's message and is no Error.
  const { name, message } = error as { name?: string; message?: string };
  if (name === 'Status Error') return badSql(message ?? '', error);
  if (connectionCode(error) !== undefined) {
    return new UserError('spark-unreachable', t('Spark does not answer.'), {
      hint: t('See its state with "orders-lakehouse status" and its log with "orders-lakehouse logs spark".'),
      cause: error,
    });
  }
  return error;
}
