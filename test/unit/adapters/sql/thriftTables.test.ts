import assert from 'node:assert/strict';
import {
  createThriftTables,
  type ThriftSession,
  type ThriftStatement,
} from '../../../../src/adapters/sql/thriftTables.ts';
import type { Tables } from '../../../../src/core/ports.ts';

const never = new AbortController().signal;
const LOST = new Error('Invalid SessionHandle');

/** One row, which says in which session it was made. */
function statement(session: number, told: string[]): ThriftStatement {
  let left = 1;
  return {
    finished: () => Promise.resolve(),
    next: () => Promise.resolve(left-- > 0 ? [[session]] : []),
    columns: () => Promise.resolve([{ name: 'n', type: 'int' }]),
    cancel: () => Promise.resolve(void told.push('cancel')),
    close: () => Promise.resolve(void told.push('close')),
  };
}

/** `execute` of the nth session. */
function server(execute: (session: number, told: string[]) => Promise<ThriftStatement>): {
  tables: Tables;
  told: string[];
} {
  const told: string[] = [];
  let sessions = 0;
  const tables = createThriftTables({
    ready: () => Promise.resolve(void told.push('ready')),
    open: () => {
      const mine = ++sessions;
      told.push('open');
      const session: ThriftSession = {
        execute: () => execute(mine, told),
        close: () => Promise.resolve(void told.push('gone')),
      };
      return Promise.resolve(session);
    },
    isSessionLost: (error) => error === LOST,
    told: (error) => error,
  });
  return { tables, told };
}

const first = async (tables: Tables): Promise<unknown> => {
  const result = await tables.query('SELECT 1', {}, never);
  const rows = [];
  for await (const batch of result.rows) rows.push(...batch);
  return rows[0]?.[0];
};

describe('tables over Thrift', () => {
  it('opens one session and keeps it', async () => {
    const { tables, told } = server((mine, log) => Promise.resolve(statement(mine, log)));
    assert.deepEqual([await first(tables), await first(tables)], [1, 1]);
    await tables.close();
    assert.deepEqual(told, ['ready', 'open', 'close', 'close', 'gone']);
  });

  it('opens another session when the server has forgotten the one it had', async () => {
    let asked = 0;
    const { tables } = server((mine, log) =>
      ++asked === 2 ? Promise.reject(LOST) : Promise.resolve(statement(mine, log)),
    );
    assert.deepEqual([await first(tables), await first(tables)], [1, 2]);
  });

  it('does not try for ever, and tries anew when asked again', async () => {
    let good = false;
    const { tables } = server((mine, log) =>
      good ? Promise.resolve(statement(mine, log)) : Promise.reject(LOST),
    );
    await assert.rejects(first(tables), LOST);
    good = true;
    assert.equal(await first(tables), 2);
  });

  it('sends no statement twice that may have been run', async () => {
    let sent = 0;
    const broken = new Error('the connection broke');
    const { tables } = server((mine, log) =>
      ++sent === 2 ? Promise.reject(broken) : Promise.resolve(statement(mine, log)),
    );
    await first(tables);
    await assert.rejects(first(tables), broken);
    assert.equal(sent, 2);
  });

  it('cancels what the server takes after it was cancelled', async () => {
    const controller = new AbortController();
    const { tables, told } = server((mine, log) => {
      controller.abort();
      return Promise.resolve(statement(mine, log));
    });
    await assert.rejects(tables.query('SELECT 1', {}, controller.signal), { name: 'Cancelled' });
    assert.deepEqual(told, ['ready', 'open', 'cancel']);
  });
});
