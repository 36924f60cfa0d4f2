/**
 * The client of SQL warehouses against the sandbox's Thrift server, which is Spark's own: it speaks plain HTTP, knows no
 * bearer tokens, and takes the protocol's version from the field that Hive has for it.
 */
import { DBSQLClient } from '@databricks/sql';

/** HIVE_CLI_SERVICE_PROTOCOL_V10 */
const HIVE_V10 = 9;

interface OpenSession {
  readonly client_protocol_i64?: unknown;
}
interface Driver {
  openSession(request: OpenSession): Promise<unknown>;
}
interface Inner {
  getConnectionOptions(options: unknown): { readonly https: boolean };
  getDriver(): Promise<Driver>;
}

/** For any server over plain HTTP. */
export function plainClient(): DBSQLClient {
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  const inner = client as unknown as Inner;
  const secured = inner.getConnectionOptions.bind(inner);
  inner.getConnectionOptions = (options) => ({ ...secured(options), https: false });
  return client;
}

export function localClient(): DBSQLClient {
  const client = plainClient();
  const inner = client as unknown as Inner;
  const original = inner.getDriver.bind(inner);
  inner.getDriver = async () => {
    const driver = await original();
    if (!Object.hasOwn(driver, 'openSession')) {
      const open = driver.openSession.bind(driver);
      driver.openSession = ({ client_protocol_i64: _version, ...rest }) =>
        open({ ...rest, client_protocol: HIVE_V10 } as OpenSession);
    }
    return driver;
  };
  return client;
}

/** What the sandbox's server takes for a login; it asks for none. */
export const localLogin = (): Promise<string> =>
  Promise.resolve(`Basic ${Buffer.from('orders:local').toString('base64')}`);
