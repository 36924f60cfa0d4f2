/** Orders through the terminal into a real broker and registry, and out again. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'avsc';
import { Kafka, logLevel, Partitioners, type Producer as KafkaProducer } from 'kafkajs';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli } from './support/cli.ts';
import { ground } from './support/runtime.ts';
import { until } from './support/until.ts';

interface Delivery {
  readonly sent: number;
  readonly rejected: number;
  readonly rejectsFile: string | null;
  readonly faults: Readonly<Record<string, number>>;
}
interface Message {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly key: string | null;
  readonly value: unknown;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly schemaId: number | null;
  readonly error?: string;
}
interface Topics {
  readonly topics: readonly {
    readonly name: string;
    readonly messages: number;
    readonly partitions: readonly { readonly id: number; readonly low: string; readonly high: string }[];
  }[];
}

const HEADER = 'TransactionNo,Date,ProductNo,ProductName,Price,Quantity,CustomerNo,Country';
const FAULTS = 'duplicate=3%,late=2%,undecodable=2%,bad-price=2%,zero-quantity=2%,missing-customer=2%';

describe(`orders in Kafka (${ground.name})`, function () {
  this.timeout(300_000);
  let folder: string;
  let home: string;
  let kafka: Kafka;
  let producer: KafkaProducer;
  let registryUrl: string;

  const json = <T>(...args: string[]): Promise<T> => cliJson<T>(home, ...args);
  const read = async (...args: string[]): Promise<readonly Message[]> =>
    (await json<{ messages: Message[] }>('read', ...args)).messages;
  const count = async (topic: string): Promise<number> =>
    (await json<Topics>('topics')).topics.find(({ name }) => name === topic)?.messages ?? 0;
  const refusal = async (...args: string[]): Promise<{ code: number; error: string; message: string }> => {
    const { code, stderr } = await cli(home, ...args);
    const event = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { type: string; code: string; message: string })
      .find(({ type }) => type === 'error');
    return { code, error: event?.code ?? '', message: event?.message ?? '' };
  };
  const file = async (name: string, rows: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, rows);
    return path;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders lakehouse ação '));
    home = join(folder, 'home');
    const { endpoints } = await json<SandboxStatus>('up');
    assert.ok(endpoints);
    registryUrl = endpoints.registryUrl;
    kafka = new Kafka({ brokers: [endpoints.bootstrap], logLevel: logLevel.NOTHING });
    producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
  });
  after(async () => {
    await producer.disconnect();
    await cli(home, 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  describe('produce', () => {
    const args = ['--count', '3000', '--seed', '11', '--clock', '2026-01-31T12:00:00Z', '--faults', FAULTS];
    let delivery: Delivery;
    let messages: readonly Message[];

    before(async () => {
      delivery = await json<Delivery>('produce', ...args);
      messages = await read('orders');
    });

    it('counts what the topic holds', async () => {
      assert.equal(delivery.sent, 3000);
      assert.equal(messages.length, 3000);
      assert.equal(await count('orders'), 3000);
      assert.deepEqual([delivery.rejected, delivery.rejectsFile], [0, null]);
    });

    it('counts its faults as they can be found again', () => {
      const sound = messages.filter(({ error }) => error === undefined);
      const lines = sound.map(({ value }) => value as Record<string, string | number | null>);
      assert.deepEqual(
        {
          undecodable: messages.length - sound.length,
          'bad-price': lines.filter(({ price }) => Number(price) <= 0).length,
          'zero-quantity': lines.filter(({ quantity }) => quantity === 0).length,
          'missing-customer': lines.filter(({ customerNo }) => !/^\d+$/.test(String(customerNo))).length,
          duplicate: lines.length - new Set(lines.map((line) => JSON.stringify(line))).size,
        },
        Object.fromEntries(Object.entries(delivery.faults).filter(([name]) => name !== 'late')),
      );
      assert.ok(Object.values(delivery.faults).every((number) => number > 20));
    });

    it('keeps the lines of an order in one partition, in their order', () => {
      const partitions = new Map<string, Set<number>>();
      for (const { key, partition } of messages) {
        partitions.set(key ?? '', (partitions.get(key ?? '') ?? new Set()).add(partition));
      }
      assert.ok([...partitions.values()].every(({ size }) => size === 1));
      assert.equal(new Set(messages.map(({ partition }) => partition)).size, 3);
    });

    it('sends the same again for the same seed and clock, and as JSON too', async () => {
      const again = await json<Delivery>('produce', ...args);
      assert.deepEqual(again, delivery);
      const both = await read('orders');
      for (const id of [0, 1, 2]) {
        const values = both.filter(({ partition }) => partition === id).map(({ value }) => value);
        assert.deepEqual(values.slice(values.length / 2), values.slice(0, values.length / 2));
      }
      assert.deepEqual(await json<Delivery>('produce', ...args, '--format', 'json'), delivery);
      const asJson = await read('orders-json');
      const lines = (from: readonly Message[]): string[] =>
        from
          .filter(({ error }) => error === undefined)
          .map(({ value }) => JSON.stringify(value))
          .sort();
      assert.deepEqual(lines(asJson), lines(messages));
    });

    it('refuses what it does not know as wrong use', async () => {
      const { code, stderr } = await cli(home, 'produce', '--count', '1', '--faults', 'gremlins=1%');
      assert.equal(code, 2);
      assert.match(stderr, /gremlins.*undecodable/s);
      assert.equal((await cli(home, 'produce', '--count', '-1')).code, 2);
      assert.equal((await cli(home, 'produce', '--rate', 'fast')).code, 2);
    });
  });

  describe('import', () => {
    it('sends what the schema can hold and keeps the rest, with line and reason', async () => {
      const rows = [
        '581482,12/9/2019,22485,"Set Of 2 ""Wooden"" Crates",21.47,12,17490,United Kingdom',
        "581483,2/29/2020,85123a,Children's Apron,10.6,1,,EIRE",
        '581484,12/9/2019,1,2,abc,1,NA,EIRE',
        'C581485,1/1/2019,1,"two\nlines",99999999.99,-3,NA,EIRE',
        '581486,13/1/2019,1,2,1.00,1,1,EIRE',
        '581487,1/1/2019,1,2,1.005,1,1,EIRE',
        ',1/2/2019, ,2,-1,0,x,',
      ];
      const path = await file('orders 2019.csv', `\ufeff${HEADER}\r\n${rows.join('\r\n')}\r\n`);
      const before = await count('orders');
      const delivery = await json<Delivery>('import', path);
      assert.deepEqual([delivery.sent, delivery.rejected], [4, 3]);
      assert.equal((await count('orders')) - before, 4);

      const rejects = readFileSync(delivery.rejectsFile ?? '', 'utf8').split('\n');
      assert.ok(delivery.rejectsFile?.startsWith(join(home, 'rejects')));
      assert.deepEqual(
        rejects.slice(1, 4).map((line) => line.split(',')[0]),
        ['4', '7', '8'],
      );
      assert.match(rejects[1] ?? '', /abc.*price/);
      assert.match(rejects[2] ?? '', /13\/1\/2019.*date/);

      const sent = (await read('orders')).filter(({ key }) => /^C?58148\d$|^$/.test(key ?? 'none'));
      assert.deepEqual(
        sent.map(({ value }) => value).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        [
          ['', '2019-01-02', ' ', '2', '-1.00', 0, 'x', ''],
          [
            '581482',
            '2019-12-09',
            '22485',
            'Set Of 2 "Wooden" Crates',
            '21.47',
            12,
            '17490',
            'United Kingdom',
          ],
          ['581483', '2020-02-29', '85123a', "Children's Apron", '10.60', 1, null, 'EIRE'],
          ['C581485', '2019-01-01', '1', 'two\nlines', '99999999.99', -3, null, 'EIRE'],
        ].map(([transactionNo, date, productNo, productName, price, quantity, customerNo, country]) => ({
          transactionNo,
          date,
          productNo,
          productName,
          price,
          quantity,
          customerNo,
          country,
        })),
      );
    });

    it('takes a row of a megabyte, and keeps one that is larger than the broker takes', async () => {
      const row = (no: number, name: string): string => `${no},1/1/2019,1,${name},1.00,1,1,EIRE\n`;
      const path = await file(
        'large.csv',
        `${HEADER}\n${row(600_001, 'x'.repeat(1_000_000))}${row(600_002, 'y'.repeat(11_000_000))}${row(600_003, 'z')}`,
      );
      const delivery = await json<Delivery>('import', path);
      assert.deepEqual([delivery.sent, delivery.rejected], [2, 1]);
      const kept = readFileSync(delivery.rejectsFile ?? '', 'utf8');
      assert.match(kept.slice(0, 200), /^line,reason,row\n3,larger than the broker takes/);
      assert.ok(kept.includes('y'.repeat(11_000_000)));
      const large = (await read('orders')).find(({ key }) => key === '600001');
      assert.equal((large?.value as { productName: string }).productName.length, 1_000_000);
    });

    it('names what is wrong with a file, and sends nothing of it', async () => {
      const before = await count('orders');
      const cases: [string, string | Uint8Array, string, RegExp][] = [
        ['empty.csv', '', 'empty-file', /empty\.csv/],
        ['column.csv', 'TransactionNo,Date\n1,1/1/2019\n', 'missing-column', /ProductNo/],
        [
          'picture.csv',
          Uint8Array.from({ length: 4096 }, (_, index) => index % 256),
          'not-csv',
          /picture\.csv/,
        ],
        [
          'latin.csv',
          Buffer.from(`${HEADER}\n1,1/1/2019,1,Caf\u00e9,1,1,1,X\n`, 'latin1'),
          'wrong-encoding',
          /line 2/,
        ],
      ];
      for (const [name, content, error, message] of cases) {
        const refused = await refusal('import', await file(name, content));
        assert.deepEqual([refused.code, refused.error], [1, error], name);
        assert.match(refused.message, message);
      }
      assert.equal((await refusal('import', join(folder, 'none.csv'))).error, 'no-such-file');
      assert.equal(await count('orders'), before);
    });

    describe('whose rejects cannot be written', () => {
      const GOOD = 6000;
      const rejects = (): string => join(home, 'rejects');
      const isRoot = process.getuid?.() === 0;
      let path: string;

      const imported = async (through: readonly string[]) => {
        const before = await count('orders');
        const { code, stdout, stderr } = await startCli(home, ['import', path], {}, through).finished;
        assert.equal(code, 1, stderr);
        assert.equal((JSON.parse(stdout) as Delivery).sent, GOOD);
        assert.equal((await count('orders')) - before, GOOD);
        return stderr;
      };

      before(async () => {
        const rows = (number: number, price: string): string =>
          Array.from(
            { length: number },
            (_, i) => `${700_000 + i},1/1/2019,1,Clock,${price},1,1,EIRE\n`,
          ).join('');
        path = await file('unwritable.csv', `${HEADER}\n${rows(GOOD, '1.00')}${rows(3000, 'dear')}`);
        await mkdir(rejects(), { recursive: true });
      });

      it('says that the disk is full, and what was sent until then', async () => {
        const small = 'mount -t tmpfs -o size=64k none "$0" && exec "$@"';
        const unshare = ['unshare', '--mount', ...(isRoot ? [] : ['--map-root-user'])];
        const said = await imported([...unshare, 'sh', '-c', small, rejects()]);
        assert.match(said, /"code":"disk-full"/);
        assert.match(said, /The disk is full: .*rejects.unwritable-.*\.csv/);
      });

      it('names the folder that may not be written, and what was sent until then', async () => {
        // Root may write everywhere, unless it gives up that right.
        const plain = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
        await chmod(rejects(), 0o555);
        try {
          const said = await imported(plain);
          assert.match(said, /"code":"no-permission"/);
          assert.match(said, /No permission for .*rejects.unwritable-.*\.csv/);
          const up = await startCli(join(rejects(), 'home'), ['up'], {}, plain).finished;
          assert.equal(up.code, 1);
          assert.match(up.stderr, /"code":"no-permission"/);
        } finally {
          await chmod(rejects(), 0o755);
        }
      });
    });
  });

  describe('read', () => {
    it('starts where it is told to, and stops at its limit', async () => {
      const all = await read('orders', '--partition', '1');
      assert.deepEqual(
        (await read('orders', '--partition', '1', '--from', 'offset:5', '--limit', '3')).map(
          ({ offset }) => offset,
        ),
        ['5', '6', '7'],
      );
      assert.deepEqual(await read('orders', '--from', 'end'), []);
      assert.deepEqual(await read('orders', '--from', 'time:2099-01-01T00:00:00Z'), []);
      const last = all.at(-1);
      const since = await read('orders', '--partition', '1', '--from', `time:${last?.timestamp ?? ''}`);
      assert.deepEqual(since.at(-1), last);
      assert.ok(since.every(({ timestamp }) => timestamp >= (last?.timestamp ?? '')));
      assert.equal((await read('orders', '--limit', '0')).length, 0);
    });

    it('knows the topics there are', async () => {
      const refused = await refusal('read', 'nonsense');
      assert.deepEqual([refused.code, refused.error], [1, 'unknown-topic']);
      assert.match(refused.message, /nonsense/);
      assert.equal((await cli(home, 'read', 'orders', '--from', 'somewhere')).code, 2);
    });

    it('leaves no consumer group behind', async () => {
      const admin = kafka.admin();
      await admin.connect();
      const { groups } = await admin.listGroups();
      await admin.disconnect();
      assert.deepEqual(groups, []);
    });

    it('ends on topics that are empty, compacted or written in transactions, and shows what is committed', async () => {
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({
        topics: [
          { topic: 'nothing', numPartitions: 2 },
          { topic: 'transactions', numPartitions: 1 },
          {
            topic: 'compacted',
            numPartitions: 1,
            configEntries: [
              { name: 'cleanup.policy', value: 'compact' },
              { name: 'segment.ms', value: '100' },
              { name: 'min.cleanable.dirty.ratio', value: '0.01' },
            ],
          },
        ],
      });
      await admin.disconnect();
      assert.deepEqual(await read('nothing'), []);

      const writer = kafka.producer({
        transactionalId: 'test',
        maxInFlightRequests: 1,
        idempotent: true,
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      await writer.connect();
      for (const [value, outcome] of [
        ['kept 1', 'commit'],
        ['given up', 'abort'],
        ['kept 2', 'commit'],
        ['still open', 'none'],
      ] as const) {
        const transaction = await writer.transaction();
        await transaction.send({ topic: 'transactions', messages: [{ value }] });
        if (outcome !== 'none') await transaction[outcome]();
      }
      assert.deepEqual(
        (await read('transactions')).map(({ value }) => value),
        ['kept 1', 'kept 2'],
      );
      await writer.disconnect();

      for (let index = 0; index < 20; index += 1) {
        await producer.send({
          topic: 'compacted',
          messages: [{ key: 'k', value: index === 19 ? null : `v${index}`, headers: { h: 'ação' } }],
        });
      }
      const last = (await read('compacted')).at(-1);
      assert.deepEqual([last?.key, last?.value, last?.headers], ['k', null, [{ name: 'h', value: 'ação' }]]);
    });

    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      it(`reads messages that were compressed with ${codec}`, async () => {
        const topic = `packed-${codec}`;
        const admin = kafka.admin();
        await admin.connect();
        // The broker itself, in Java, packs what is sent to this topic.
        const configEntries = [{ name: 'compression.type', value: codec }];
        await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
        await admin.disconnect();
        // More than one block of each format.
        const values = Array.from({ length: 3000 }, (_, index) => `ação ${index} `.repeat(1 + (index % 50)));
        await producer.send({ topic, messages: values.map((value) => ({ value })) });
        assert.deepEqual(
          (await read(topic)).map(({ value }) => value),
          values,
        );
      });
    }

    it('decodes any Avro of the registry, exactly', async () => {
      const schema = {
        type: 'record',
        name: 'Everything',
        fields: [
          { name: 'id', type: 'long' },
          {
            name: 'total',
            type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 4 }],
          },
          { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
          { name: 'day', type: ['null', { type: 'int', logicalType: 'date' }] },
        ],
      };
      const answer = await fetch(`${registryUrl}/subjects/everything-value/versions`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        body: JSON.stringify({ schema: JSON.stringify(schema) }),
      });
      const { id } = (await answer.json()) as { id: number };
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: 'everything', numPartitions: 1 }] });
      await admin.disconnect();
      // The largest long and 20 digits before the point are beyond what a JavaScript number holds.
      const most = Buffer.from('feffffffffffffffff01', 'hex');
      const at = Type.forSchema('long').toBuffer(1_575_895_296_789_001);
      const total = Buffer.from(123_456_789_012_345_678_901_234n.toString(16).padStart(20, '0'), 'hex');
      const head = Buffer.from([0, 0, 0, 0, 0]);
      head.writeUInt32BE(id, 1);
      const body = Buffer.concat([most, Buffer.from([2, total.length * 2]), total, at, Buffer.from([0])]);
      await producer.send({
        topic: 'everything',
        messages: [
          { value: Buffer.concat([head, body]) },
          { value: Buffer.concat([head, body.subarray(0, 12)]) },
          { value: Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1]) },
          { value: 'plain text' },
        ],
      });
      const [whole, short, unknown, plain] = await read('everything');
      assert.deepEqual(whole?.value, {
        id: '9223372036854775807',
        total: '12345678901234567890.1234',
        at: '2019-12-09T12:41:36.789001Z',
        day: null,
      });
      assert.equal(whole.schemaId, id);
      assert.match(short?.error ?? '', /field total$/);
      assert.match(unknown?.error ?? '', /no schema with id 2147483647/);
      assert.match(plain?.error ?? '', /first byte is 112/);
      assert.equal(plain?.value, Buffer.from('plain text').toString('base64'));
    });
  });

  describe('with a part that fails', () => {
    const LINES = 150_000;
    let csv: string;
    before(async () => {
      csv = join(folder, 'many.csv');
      await json('sample', csv, '--count', String(LINES), '--faults', '');
    });

    /** Starts an import and waits until the broker has acknowledged some of it. */
    const startImport = async (
      before: number,
    ): Promise<{ finished: Promise<{ code: number; delivery: Delivery; stderr: string }> }> => {
      const { finished } = startCli(home, ['import', csv]);
      await until('the import has begun', async () => (await count('orders')) > before || undefined);
      return {
        finished: finished.then(({ code, stdout, stderr }) => ({
          code,
          stderr,
          delivery: JSON.parse(stdout) as Delivery,
        })),
      };
    };
    const running = async (): Promise<SandboxStatus> =>
      until('the sandbox runs', async () => {
        const status = await json<SandboxStatus>('status');
        return status.state === 'running' ? status : undefined;
      });

    it('counts an import right over a kill -9 of Kafka', async () => {
      const before = await count('orders');
      const { finished } = await startImport(before);
      await ground.kill(home, 'kafka');
      const { code, delivery } = await finished;
      await running();
      const added = (await count('orders')) - before;
      // It comes back within the producer's patience, and repeats are known as such; should it not, none is made up.
      if (code === 0) assert.deepEqual([delivery.sent, added], [LINES, LINES]);
      else assert.ok(delivery.sent <= added && added <= LINES, `${delivery.sent} ${added}`);
    });

    it('tells what was sent when Kafka goes and stays away', async () => {
      const before = await count('orders');
      const { finished } = await startImport(before);
      await json('down');
      const { code, delivery, stderr } = await finished;
      assert.equal(code, 1);
      assert.match(stderr, /"code":"not-acknowledged"/);
      assert.match(stderr, /import the file again/);
      assert.ok(delivery.sent < LINES);
      assert.equal((await refusal('import', csv)).error, 'sandbox-stopped');
      await json('up');
      const added = (await count('orders')) - before;
      assert.ok(delivery.sent <= added && added < LINES, `${delivery.sent} ${added}`);
      await producer.disconnect();
    });

    it('says that the registry does not answer', async () => {
      await running();
      const before = await count('orders');
      await ground.pause(home, 'registry');
      try {
        const refused = await refusal('produce', '--count', '10');
        assert.deepEqual([refused.code, refused.error], [1, 'registry-unreachable']);
      } finally {
        await ground.resume(home, 'registry');
      }
      assert.equal(await count('orders'), before);
    });
  });
});
