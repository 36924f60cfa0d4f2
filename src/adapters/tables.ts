/** SQL on the sandbox's Spark, through its Thrift server over HTTP. A file of its own in dist/, loaded at first use. */
import { FetchOrientation } from 'hive-driver/dist/hive/Types';
import { auth, connections, HiveClient, thrift } from 'hive-driver';
import { Cancelled, isCancelled, isUserError, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Tables } from '../core/ports.ts';
import type { Endpoints } from '../core/sandbox.ts';
import type { Cell } from '../core/tables.ts';
import { columnsOf, rowsOf, type ThriftColumn, type ThriftColumnDescription } from './sql/cells.ts';
import { sparkReason } from './sql/reason.ts';
import { createThriftTables, type ThriftSession, type ThriftStatement } from './sql/thriftTables.ts';

type Session = Awaited<ReturnType<HiveClient['openSession']>>;
type Operation = Awaited<ReturnType<Session['executeStatement']>>;

/** What the driver answers; it leaves a call without an answer for ever when the connection breaks. */
type Answer = <T>(call: Promise<T>) => Promise<T>;

const connectionLost = (cause: unknown): Error =>
  Object.assign(new Error('the connection broke', { cause }), { code: 'ECONNRESET' });

/** Generated from TCLIService.thrift; hive-driver passes them on untyped. */
const TCLIService = thrift.TCLIService as object;
const types = thrift.TCLIService_types as {
  readonly TOperationState: Readonly<Record<string, number>>;
  readonly TProtocolVersion: Readonly<Record<string, number>>;
};
const STATE = types.TOperationState;

async function open(at: Endpoints['sparkSql']): Promise<ThriftSession> {
  const client = new HiveClient(TCLIService, types as never);
  const broken = new Promise<never>((_resolve, reject) => {
    client.on('error', (error: unknown) => {
      reject(connectionLost(error));
    });
  });
  // Whoever waits for an answer hears it.
  broken.catch(() => undefined);
  const answer: Answer = (call) => Promise.race([call, broken]);
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
  return {
    execute: async (sql) =>
      statementOf(await answer(session.executeStatement(sql, { runAsync: true })), answer),
    close: async () => {
      await answer(session.close());
    },
  };
}

function statementOf(operation: Operation, answer: Answer): ThriftStatement {
  let asked = false;
  const fetch = async (limit: number): Promise<Cell[][]> => {
    operation.setMaxRows(limit);
    await answer(operation.fetch(FetchOrientation.FETCH_NEXT));
    asked = true;
    const sets = operation.getData() as { readonly columns?: readonly ThriftColumn[] | null }[];
    operation.flush();
    return sets.flatMap((set) => rowsOf(set.columns ?? []));
  };
  return {
    finished: (signal) => finished(operation, answer, signal),
    next: async (limit) => (asked && !operation.hasMoreRows() ? [] : await fetch(limit)),
    columns: () => {
      const schema = operation.getSchema() as {
        readonly columns: readonly ThriftColumnDescription[];
      } | null;
      return Promise.resolve(columnsOf(schema?.columns ?? []));
    },
    cancel: async () => {
      await answer(operation.cancel());
      // The sandbox computes rows as they are fetched: to Spark such a statement has finished, and only closing ends it.
      await answer(operation.close());
    },
    close: async () => {
      await answer(operation.close());
    },
  };
}

async function finished(operation: Operation, answer: Answer, signal: AbortSignal): Promise<void> {
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

export function createTables(at: Endpoints['sparkSql']): Promise<Tables> {
  return Promise.resolve(createThriftTables({ open: () => open(at), isSessionLost, told: toUserError }));
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
