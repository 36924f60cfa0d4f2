/**
 * SQL on a SQL warehouse, by Databricks' own driver. A file of its own in dist/, loaded at first use.
 *
 * The driver makes binary floats of decimals and int64, objects of rows (so that of two columns of one name one is
 * lost), and parses nested values, digits included. So rows are taken before it converts them: as columns of the Hive
 * Thrift protocol, the form that needs neither Arrow nor files in cloud storage, which company networks often block.
 */
import { DBSQLClient } from '@databricks/sql';
import type { WarehouseAccess } from '../core/databricks/ports.ts';
import { isCancelled, isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Tables } from '../core/ports.ts';
import type { Cell } from '../core/tables.ts';
import { columnsOf, rowsOf, type ThriftColumn, type ThriftColumnDescription } from './sql/cells.ts';
import { sparkReason } from './sql/reason.ts';
import { createThriftTables, type ThriftSession, type ThriftStatement } from './sql/thriftTables.ts';
import { warehouseFailure } from './databricks/warehouseFailure.ts';

type Operation = Awaited<ReturnType<Awaited<ReturnType<DBSQLClient['openSession']>>['executeStatement']>>;

/** What the driver's operations have inside; not of its interface, so that a live test holds it. */
interface Inner {
  /** The rows before they are converted (RowSetProvider). */
  readonly _data: RawRows;
  /** The operation itself would not close what it cancelled. */
  readonly backend: { cancel(): Promise<unknown>; close(): Promise<unknown> };
}
interface RawRows {
  fetchNext(options: { readonly limit: number }): Promise<RowSet | undefined>;
  hasMore(): Promise<boolean>;
}
interface RowSet {
  readonly columns?: readonly ThriftColumn[] | null;
  readonly arrowBatches?: readonly unknown[] | null;
  readonly resultLinks?: readonly unknown[] | null;
}

async function open(
  { host, httpPath, authorization }: WarehouseAccess,
  client: DBSQLClient,
): Promise<ThriftSession> {
  const { hostname, port } = new URL(host);
  // Rows as columns of the protocol: no Arrow, no downloads.
  Object.assign(client.getConfig(), { arrowEnabled: false, useCloudFetch: false, useLZ4Compression: false });
  await client.connect({
    host: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: httpPath,
    authType: 'custom',
    provider: { authenticate: async () => ({ authorization: await authorization() }) },
    telemetryEnabled: false,
    userAgentEntry: 'orders-lakehouse',
    retriesTimeout: 60_000,
  });
  const session = await client.openSession();
  return {
    execute: async (sql, firstRows) =>
      statementOf(await session.executeStatement(sql, { maxRows: firstRows })),
    close: async () => {
      await client.close();
    },
  };
}

/** Without a logger of its own, the driver writes to standard output. */
const newClient = (): DBSQLClient => new DBSQLClient({ logger: { log: () => undefined } });

function statementOf(operation: Operation): ThriftStatement {
  const { _data: raw, backend } = operation as unknown as Inner;
  return {
    finished: () => operation.finished(),
    next: async (limit) => {
      let rows: Cell[][] = [];
      while (rows.length === 0 && (await raw.hasMore())) {
        const set = await raw.fetchNext({ limit });
        if (set?.arrowBatches?.length || set?.resultLinks?.length) {
          throw new Error('the warehouse sent rows in a form that was not asked for');
        }
        rows = rowsOf(set?.columns ?? []);
      }
      return rows;
    },
    columns: async () => {
      const schema = (await operation.getSchema()) as {
        readonly columns: readonly ThriftColumnDescription[];
      } | null;
      return columnsOf(schema?.columns ?? []);
    },
    cancel: async () => {
      await backend.cancel();
      // Only this ends one that computes rows as they are fetched.
      await backend.close();
    },
    close: async () => {
      await operation.close();
    },
  };
}

interface DriverError {
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly code?: unknown;
  /** Of an OperationStateError. */
  readonly errorCode?: string;
  readonly response?: {
    readonly errorMessage?: string | null;
    readonly displayMessage?: string | null;
  };
}

/** Before the statement was run: the warehouse stopped in between, or let an idle session go. */
function isSessionLost(error: unknown): boolean {
  const { message = '', statusCode, code } = error as DriverError;
  return statusCode === 404 || code === 'ECONNREFUSED' || /Invalid SessionHandle/i.test(message);
}

function badSql(serverMessage: string, cause: unknown): UserError {
  return new UserError('bad-sql', sparkReason(serverMessage), { cause });
}

function toUserError(host: string, error: unknown): unknown {
  if (isUserError(error) || isCancelled(error)) return error;
  const { name, message = '', errorCode, response } = error as DriverError;
  if (errorCode === 'ERROR') {
    return badSql(response?.displayMessage ?? response?.errorMessage ?? message, error);
  }
  if (errorCode === 'CANCELED' || errorCode === 'CLOSED' || errorCode === 'TIMEOUT') {
    return new UserError('statement-ended', t('The warehouse ended the statement.'), {
      hint: t('Somebody cancelled it there, or it took longer than the warehouse allows.'),
      cause: error,
    });
  }
  // The driver's StatusError carries the server's message and is no Error.
  if (name === 'Status Error') return badSql(message, error);
  return warehouseFailure(host, error);
}

/** `client` is another one in tests. */
export function createWarehouseTables(access: WarehouseAccess, client = newClient): Tables {
  return createThriftTables({
    ...(access.ready ? { ready: access.ready } : {}),
    open: () => open(access, client()),
    isSessionLost,
    told: (error) => toUserError(access.host, error),
  });
}
