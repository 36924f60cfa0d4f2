import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Event } from '../../../../src/core/events.ts';
import { isUserError } from '../../../../src/core/errors.ts';
import { listeningInodes, portHolder } from '../../../../src/adapters/embedded/portHolder.ts';
import { choosePorts, isFree, PORT_NAMES } from '../../../../src/adapters/embedded/ports.ts';

describe('the ports of a sandbox', () => {
  let server: Server;
  let taken: number;
  const events: Event[] = [];
  const onEvent = (event: Event): void => {
    events.push(event);
  };

  beforeEach(async () => {
    events.length = 0;
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    taken = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    server.close();
  });

  it('are free, all different, and below those of outgoing connections', async () => {
    const ports = Object.values(await choosePorts({}, {}, onEvent));
    assert.equal(ports.length, PORT_NAMES.length);
    assert.equal(new Set(ports).size, ports.length);
    for (const port of ports) {
      assert.ok(port >= 20_000 && port < 32_000);
      assert.ok(await isFree(port));
    }
    assert.deepEqual(events, []);
  });

  it('stay from one start to the next', async () => {
    const first = await choosePorts({}, {}, onEvent);
    assert.deepEqual(await choosePorts({}, first, onEvent), first);
  });

  it('change, and say so with the holder, when another program took one', async () => {
    const ports = await choosePorts({}, { 'spark.sql': taken }, onEvent);
    assert.notEqual(ports['spark.sql'], taken);
    assert.equal(events.length, 1);
    const [event] = events;
    assert.ok(event?.type === 'message' && event.level === 'warning');
    assert.match(event.message, new RegExp(`${taken} of spark\\.sql .*\\(process ${process.pid}\\)`));
  });

  it('are not changed when they are pinned: the holder and the setting are named', async () => {
    await assert.rejects(choosePorts({ 'kafka.broker': taken }, {}, onEvent), (error) => {
      assert.ok(isUserError(error));
      assert.equal(error.code, 'port-taken');
      assert.match(error.message, new RegExp(`${taken}.*kafka\\.broker.*\\(process ${process.pid}\\)`));
      assert.match(error.hint ?? '', /ordersLakehouse\.ports/);
      return true;
    });
  });

  it('are the pinned ones, also when they were remembered for another name', async () => {
    const free = (await choosePorts({}, {}, onEvent))['registry.http'];
    const ports = await choosePorts({ 'spark.connect': free }, { 'kafka.broker': free }, onEvent);
    assert.equal(ports['spark.connect'], free);
    assert.notEqual(ports['kafka.broker'], free);
  });

  it('cannot be pinned by a name that does not exist', async () => {
    await assert.rejects(choosePorts({ 'kafka.brokr': 9092 }, {}, onEvent), { code: 'unknown-port' });
  });

  it('name their holder', async () => {
    assert.equal((await portHolder(taken))?.pid, process.pid);
    server.close();
    await once(server, 'close');
    assert.equal(await portHolder(taken), undefined);
  });

  it('are read from the table of the kernel', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1',
      '   1: 0100007F:2384 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1',
      '   2: 0100007F:2385 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4713 1',
    ].join('\n');
    assert.deepEqual(listeningInodes(table, 0x2384), ['4711']);
  });
});
