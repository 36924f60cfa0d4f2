/** Schemas on the real registry, and a draft rehearsed on real messages. ORDERS_LAKEHOUSE_HOME names a sandbox that runs. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type, type Schema } from 'avsc';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { createDraft, type DraftCheck } from '../../src/core/drafts.ts';
import type { SubjectRegistry } from '../../src/core/ports.ts';
import { rehearse, type Rehearsal } from '../../src/core/rehearsal.ts';
import type { SchemaChange } from '../../src/core/schemaDiff.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { cli, cliJson } from './support/cli.ts';

const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
const prefix = `schemas-${process.pid}`;
const named = (name: string): string => `${prefix}-${name}`;

const record = (name: string, ...fields: unknown[]): Record<string, unknown> => ({
  type: 'record',
  name,
  fields,
});
const ID = { name: 'id', type: 'int' };
const NOTE = { name: 'note', type: ['null', 'string'] };
const price = (scale: number): unknown => ({
  name: 'price',
  type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale },
});

/** Each offset of a trouble, as `partition/offset`. */
const expand = (found: Rehearsal, effect: string, field: string): string[] =>
  found.troubles
    .filter((one) => one.effect === effect && one.field === field)
    .flatMap(({ places: runs }) =>
      runs.flatMap(({ partition, from, to }) =>
        Array.from(
          { length: Number(to) - Number(from) + 1 },
          (_, index) => `${partition}/${Number(from) + index}`,
        ),
      ),
    )
    .sort();

describe('schemas of a running sandbox', function () {
  this.timeout(60_000);
  const lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
  let folder: string;
  let registry: SubjectRegistry;
  let kafka: Kafka;

  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return path;
  };
  const schema = <T>(...args: string[]): Promise<T> => cliJson<T>(home, 'schema', ...args);
  /** The code of the error, and what was told on standard output. */
  const refused = async (
    ...args: string[]
  ): Promise<{ readonly error: string; readonly found: DraftCheck | undefined }> => {
    const { code, stdout, stderr } = await cli(home, 'schema', ...args);
    assert.notEqual(code, 0);
    const event = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { readonly code: string };
    return { error: event.code, found: stdout === '' ? undefined : (JSON.parse(stdout) as DraftCheck) };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-schemas-'));
    registry = await lakehouse.registry();
    const { bootstrap } = await lakehouse.endpoints();
    kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  });
  after(async () => {
    const admin = kafka.admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    await admin.disconnect();
    const mine = (await registry.subjects()).filter((subject) => subject.startsWith(prefix));
    // What refers to another comes first in the order of names.
    for (const subject of mine.toSorted().toReversed()) await registry.deleteSubject(subject, true);
    await lakehouse.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe('a draft', () => {
    const subject = named('check-value');

    it('is checked before it is registered, and says where it clashes', async () => {
      const first = await file('first.avsc', record('Line', ID));
      const fits = await file('fits.avsc', record('Line', ID, { ...NOTE, default: null }));
      const clashes = await file('clashes.avsc', record('Line', ID, { name: 'shop', type: 'string' }));
      assert.equal((await schema<DraftCheck>('check', first, '--subject', subject)).compatible, true);
      assert.deepEqual(await registry.subjects().then((all) => all.includes(subject)), false);
      const registered = await schema<{ id: number; version: number }>(
        'register',
        first,
        '--subject',
        subject,
        '--yes',
      );
      assert.equal(registered.version, 1);

      const good = await schema<DraftCheck>('check', fits, '--subject', subject);
      assert.deepEqual(
        [good.compatible, good.level, good.by, good.clashes],
        [true, 'BACKWARD', 'registry', []],
      );
      assert.deepEqual(
        good.changes.map(({ kind, field, backward, forward }) => [kind, field, backward, forward]),
        [['added', 'note', true, true]],
      );

      const { error, found } = await refused('check', clashes, '--subject', subject);
      assert.equal(error, 'schema-incompatible');
      assert.equal(found?.compatible, false);
      assert.deepEqual(
        found.clashes.map(({ field, version }) => [field, version]),
        [['shop', 1]],
      );
      assert.equal(
        (await refused('register', clashes, '--subject', subject, '--yes')).error,
        'schema-incompatible',
      );
      assert.deepEqual(
        (await registry.versions(subject)).map(({ version }) => version),
        [1],
      );
    });

    it('is not registered without a yes where nobody can be asked', async () => {
      const fits = await file('fits.avsc', record('Line', ID, { ...NOTE, default: null }));
      const { code, stderr } = await cli(home, 'schema', 'register', fits, '--subject', subject);
      assert.equal(code, 2);
      assert.match(stderr, /--yes/);
      assert.equal((await registry.versions(subject)).length, 1);
    });

    it('must be a schema', async () => {
      const broken = await file('broken.avsc', '{"type": "record", "name": "Line"}');
      const torn = await file('torn.avsc', '{"type": ');
      const plain = await file('plain.json', '{"a": 1}');
      const errors = await Promise.all(
        [broken, torn, plain, join(folder, 'none.avsc')].map(
          async (path) => (await refused('check', path, '--subject', subject)).error,
        ),
      );
      assert.deepEqual(errors, ['not-a-schema', 'not-a-schema', 'not-a-schema', 'no-such-file']);
    });

    it('is held against all versions where the level says so, as registering is', async () => {
      const walk = named('walk-value');
      await registry.register(walk, 'AVRO', JSON.stringify(record('Line', { name: 'a', type: 'int' })));
      await registry.register(walk, 'AVRO', JSON.stringify(record('Line')));
      const again = record('Line', { name: 'a', type: 'string', default: '' });
      const back = await file('back.avsc', again);
      assert.equal((await registry.check(walk, 'AVRO', JSON.stringify(again))).compatible, true);
      const set = await schema<{ compatibility: string }>('compatibility', walk, 'BACKWARD_TRANSITIVE');
      assert.equal(set.compatibility, 'BACKWARD_TRANSITIVE');
      const { found } = await refused('check', back, '--subject', walk);
      assert.deepEqual(
        found?.clashes.map(({ field, version }) => [field, version]),
        [['a', 1]],
      );
      await assert.rejects(registry.register(walk, 'AVRO', JSON.stringify(again)), {
        code: 'schema-incompatible',
      });
      await registry.setCompatibility(walk, 'NONE');
      const none = await schema<DraftCheck>('check', back, '--subject', walk);
      assert.deepEqual([none.compatible, none.level, none.clashes], [true, 'NONE', []]);
    });

    it('may be JSON Schema or Protobuf', async () => {
      const proto = named('proto-value');
      const one = await file('one.proto', 'syntax = "proto3";\nmessage M { string a = 1; }\n');
      const other = await file('other.proto', 'syntax = "proto3";\nmessage M { int32 a = 1; }\n');
      await schema('register', one, '--subject', proto, '--yes');
      assert.equal((await refused('check', other, '--subject', proto)).found?.compatible, false);
      const json = await file('one.json', {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { a: { type: 'string' } },
      });
      await schema('register', json, '--subject', named('json-value'), '--yes');
      const [shown] = await registry.versions(named('json-value'));
      assert.deepEqual([shown?.type, shown?.version], ['JSON', 1]);
    });
  });

  describe('references', () => {
    const address = named('address-value');
    const person = named('person-value');
    const reference = `shop.Address=${address}:1`;
    const at = (name: string, ...fields: unknown[]): unknown => ({
      ...record(name, ...fields),
      namespace: 'shop',
    });
    const home = { name: 'home', type: 'shop.Address' };

    it('are registered, shown, and taken over by the next draft', async () => {
      await schema(
        'register',
        await file('address.avsc', at('Address', { name: 'city', type: 'string' })),
        '--subject',
        address,
        '--yes',
      );
      const path = await file('person.avsc', at('Person', home));
      assert.equal((await refused('register', path, '--subject', person, '--yes')).error, 'not-a-schema');
      await schema('register', path, '--subject', person, '--reference', reference, '--yes');
      const shown = await schema<{ refersTo: unknown; references: string[] }>('show', person);
      assert.deepEqual(shown.refersTo, [{ name: 'shop.Address', subject: address, version: 1 }]);
      assert.equal(shown.references.length, 1);
      const more = await file('more.avsc', at('Person', home, { name: 'age', type: 'int', default: 0 }));
      const less = await file('less.avsc', at('Person', home, { name: 'age', type: 'int' }));
      assert.equal((await schema<DraftCheck>('check', more, '--subject', person)).compatible, true);
      const { found } = await refused('check', less, '--subject', person);
      assert.deepEqual(
        found?.clashes.map(({ field }) => field),
        ['age'],
      );
      // Registering is the registry's own judgement.
      const refersTo = [{ name: 'shop.Address', subject: address, version: 1 }];
      await assert.rejects(
        registry.register(
          person,
          'AVRO',
          JSON.stringify(at('Person', home, { name: 'age', type: 'int' })),
          refersTo,
        ),
        {
          code: 'schema-incompatible',
        },
      );
      const { version } = await schema<{ version: number }>('register', more, '--subject', person, '--yes');
      assert.equal(version, 2);
    });

    it('keep what they name from being deleted', async () => {
      assert.equal((await refused('delete', address, '--yes')).error, 'schema-in-use');
      assert.ok((await registry.subjects()).includes(address));
    });
  });

  it('are compared by their meaning', async () => {
    const subject = named('diff-value');
    await registry.register(subject, 'AVRO', JSON.stringify(record('Line', ID)));
    await registry.register(subject, 'AVRO', JSON.stringify(record('Line', { name: 'id', type: 'long' })));
    const { changes } = await schema<{ changes: SchemaChange[] }>('diff', subject);
    assert.deepEqual(
      changes.map(({ kind, field, backward, forward }) => [kind, field, backward, forward]),
      [['retyped', 'id', true, false]],
    );
    const path = await file('diff.avsc', record('Line', { name: 'number', aliases: ['id'], type: 'long' }));
    const against = await schema<{ changes: SchemaChange[] }>('diff', subject, path);
    assert.deepEqual(
      against.changes.map(({ kind, field }) => [kind, field]),
      [['renamed', 'number']],
    );
    const { subjects } = await schema<{ subjects: { subject: string; versions: number[] }[] }>('list');
    assert.deepEqual(subjects.find((one) => one.subject === subject)?.versions, [1, 2]);
  });

  it('are deleted so that old messages can still be read, or for good', async () => {
    const subject = named('delete-value');
    const one = await registry.register(subject, 'AVRO', JSON.stringify(record('Deleted', ID)));
    const two = await registry.register(subject, 'AVRO', JSON.stringify(record('Deleted')));
    assert.equal((await cli(home, 'schema', 'delete', subject)).code, 2);
    await schema('delete', subject, '--version', '2', '--yes');
    assert.deepEqual(
      (await registry.versions(subject)).map(({ version }) => version),
      [1],
    );
    assert.ok(await registry.schema(two));
    await schema('delete', subject, '--yes');
    assert.ok(!(await registry.subjects()).includes(subject));
    assert.equal((await registry.schema(one))?.schema, JSON.stringify(record('Deleted', ID)));
    assert.equal((await refused('show', subject)).error, 'unknown-subject');
    // What the pipeline asks for: deleted versions too.
    const { registryUrl } = await lakehouse.endpoints();
    const history = async (): Promise<number> =>
      (await fetch(`${registryUrl}/subjects/${subject}/versions?deleted=true`)).status;
    assert.equal(await history(), 200);
    await schema('delete', subject, '--permanent', '--yes');
    assert.equal(await history(), 404);
  });

  describe('a rehearsal', () => {
    const topic = named('lines');
    const subject = `${topic}-value`;
    const old = record('Line', ID, NOTE);
    const fresh = record('Line', ID, NOTE, { ...(price(2) as object), default: '\u0000' });
    let ids: readonly [number, number];
    /** Where each kind of message stands: the broker's own answer to each that was sent. */
    const places: Record<string, string[]> = {};

    /** What the verb does, without the start of a process. */
    const tryDraft = async (draft: unknown, limit?: number): Promise<Rehearsal> =>
      rehearse(
        lakehouse,
        {
          draft: await createDraft(registry, { subject, type: 'AVRO', schema: JSON.stringify(draft) }),
          topic,
          ...(limit === undefined ? {} : { limit }),
        },
        () => undefined,
        new AbortController().signal,
      );
    before(async () => {
      const broker = await lakehouse.broker();
      await broker.ensureTopic(topic, 2);
      ids = [
        await registry.register(subject, 'AVRO', JSON.stringify(old)),
        await registry.register(subject, 'AVRO', JSON.stringify(fresh)),
      ];
      const frame = (id: number, body: Buffer): Buffer => {
        const head = Buffer.alloc(5);
        head.writeUInt32BE(id, 1);
        return Buffer.concat([head, body]);
      };
      const types = [old, fresh].map((one) => Type.forSchema(one as Schema, { wrapUnions: 'always' }));
      const written = (writer: 0 | 1, id: number, note: string | null): Buffer =>
        frame(
          ids[writer],
          types[writer]?.toBuffer({
            id,
            note: note === null ? null : { string: note },
            price: Buffer.from([4, 36]),
          }) ?? Buffer.alloc(0),
        );
      const kindOf = (index: number): string => {
        if (index % 15 === 14) return 'tombstone';
        if (index % 20 === 9) return 'torn';
        if (index % 7 === 3) return 'unframed';
        return index % 3 === 0 ? 'null' : 'note';
      };
      const sent = Array.from({ length: 60 }, (_, index) => {
        const kind = kindOf(index);
        const writer = index < 25 ? 0 : 1;
        const whole = written(writer, index, kind === 'null' ? null : 'n');
        const values: Readonly<Record<string, Buffer | null>> = {
          tombstone: null,
          torn: whole.subarray(0, whole.length - 1),
          unframed: Buffer.from('text'),
        };
        const name = kind === 'null' || kind === 'note' ? `${kind}${writer}` : kind;
        return { name, value: kind in values ? (values[kind] ?? null) : whole, partition: index % 2 };
      });
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      const messages = sent.map(({ value, partition }) => ({ value, partition }));
      const answers = await producer.send({ topic, acks: -1, messages });
      for (const { partition, baseOffset } of answers) {
        const there = sent.filter((one) => one.partition === partition);
        for (const [index, { name }] of there.entries()) {
          (places[name] ??= []).push(`${partition}/${Number(baseOffset) + index}`);
        }
      }
      await producer.disconnect();
    });
    const placesOf = (...kinds: string[]): string[] => kinds.flatMap((kind) => places[kind] ?? []).sort();

    it('finds nothing against a draft that reads everything', async () => {
      const found = await tryDraft({
        ...fresh,
        fields: [...(fresh['fields'] as unknown[]), { ...NOTE, name: 'more', default: null }],
      });
      assert.deepEqual([found.messages, found.inTopic, found.unreadable, found.different], [60, 60, 0, 0]);
      assert.equal(found.readable, placesOf('null0', 'null1', 'note0', 'note1').length);
      assert.equal(found.empty, placesOf('tombstone').length);
      assert.deepEqual(expand(found, 'undecodable', ''), placesOf('torn', 'unframed'));
      assert.deepEqual(
        found.changes.map(({ kind, field }) => [kind, field]),
        [['added', 'more']],
      );
      assert.deepEqual(found.pipeline, []);
    });

    it('names exactly the offsets that a field that may no longer be null breaks', async () => {
      const found = await tryDraft(record('Line', ID, { name: 'note', type: 'string' }));
      assert.deepEqual(expand(found, 'unreadable', 'note'), placesOf('null0', 'null1'));
      assert.equal(found.unreadable, placesOf('null0', 'null1').length);
      assert.ok(found.unreadable > 10);
      const [first, second] = ids;
      assert.deepEqual(
        found.writers
          .filter(({ schemaId }) => schemaId !== null)
          .map(({ schemaId, unreadable }) => [schemaId, unreadable]),
        [
          [first, placesOf('null0').length],
          [second, placesOf('null1').length],
        ],
      );
    });

    it('tells apart which writer gave no value, and which value is read as another', async () => {
      const found = await tryDraft(record('Line', ID, NOTE, price(3)));
      assert.deepEqual(expand(found, 'unreadable', 'price'), placesOf('null0', 'note0'));
      assert.deepEqual(expand(found, 'different', 'price'), placesOf('null1', 'note1'));
      assert.equal(found.readable, 0);
    });

    it('tries only the newest, where a limit is said', async () => {
      const found = await tryDraft(record('Line', ID, { name: 'note', type: 'string' }), 10);
      assert.deepEqual([found.messages, found.inTopic], [10, 60]);
      // Of each partition the last five.
      const newest = (place: string): boolean => Number(place.split('/')[1]) >= 25;
      assert.deepEqual(expand(found, 'unreadable', 'note'), placesOf('null0', 'null1').filter(newest));
    });

    it('says what breaks in the pipeline, and what is no topic', async () => {
      const path = await file('orders.avsc', record('OrderLine', { name: 'price', type: 'double' }));
      const found = await schema<Rehearsal>(
        'rehearse',
        path,
        '--subject',
        'orders-value',
        '--topic',
        topic,
        '--limit',
        '20',
      );
      assert.deepEqual([found.messages, found.inTopic], [20, 60]);
      const broken = found.pipeline.find(({ field }) => field === 'price');
      assert.equal(broken?.problem, 'retyped');
      assert.deepEqual(broken.rules, ['positive_price']);
      assert.deepEqual(broken.columns['silver.orders'], ['price', 'amount']);
      assert.equal(found.pipeline.length, 8);
      assert.equal(
        (await refused('rehearse', path, '--subject', subject, '--topic', named('nothing'))).error,
        'unknown-topic',
      );
    });
  });

  describe('a rehearsal of another type', () => {
    const frame = (id: number, body: Uint8Array): Buffer => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(id, 1);
      return Buffer.concat([head, body]);
    };
    /** Each list is a partition of its own, so that a value's place in it is its offset. */
    const fill = async (topic: string, ...partitions: (Buffer | null)[][]): Promise<void> => {
      await (await lakehouse.broker()).ensureTopic(topic, partitions.length);
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      const messages = partitions.flatMap((values, partition) =>
        values.map((value) => ({ value, partition })),
      );
      await producer.send({ topic, acks: -1, messages });
      await producer.disconnect();
    };
    const rehearsed = async (name: string, draft: unknown, topic: string, ...more: string[]) =>
      schema<Rehearsal>('rehearse', await file(name, draft), '--subject', `${topic}-value`, ...more);

    describe('JSON Schema', () => {
      const topic = named('json-lines');
      const address = named('json-address');
      const object = (properties: object, more: object = {}): object => ({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties,
        ...more,
      });
      const now = {
        id: { type: 'integer' },
        note: { type: ['string', 'null'] },
        home: { $ref: 'address.json' },
      };

      before(async () => {
        await registry.register(address, 'JSON', JSON.stringify(object({ city: { type: 'string' } })));
        const refersTo = [{ name: 'address.json', subject: address, version: 1 }];
        await registry.register(`${topic}-value`, 'JSON', JSON.stringify(object({ id: now.id })));
        await registry.setCompatibility(`${topic}-value`, 'NONE');
        await registry.register(`${topic}-value`, 'JSON', JSON.stringify(object(now)), refersTo);
        const [first, second] = (await registry.versions(`${topic}-value`)).map(({ id }) => id);
        assert.ok(first !== undefined && second !== undefined && first !== second);
        const one = (value: unknown): Buffer => frame(first, Buffer.from(JSON.stringify(value)));
        const other = (value: unknown): Buffer => frame(second, Buffer.from(JSON.stringify(value)));
        await fill(
          topic,
          [one({ id: 1 }), other({ id: 2, note: 'a' }), other({ id: 3, note: null }), null],
          [
            other({ id: 70000, note: 'b', home: { city: 'Rio' } }),
            frame(second, Buffer.from('{"id": ')),
            other({ id: 5, home: { city: 7 } }),
            Buffer.from('{"id": 6}'),
          ],
        );
      });

      it('names the messages without a field that becomes required', async () => {
        const draft = object(now, { required: ['id', 'note'] });
        const found = await rehearsed('required.json', draft, topic);
        assert.deepEqual([found.type, found.messages, found.inTopic], ['JSON', 8, 8]);
        assert.deepEqual(expand(found, 'unreadable', 'note'), ['0/0', '1/2']);
        // Which the schema that wrote it did not take either: nothing checks what is sent.
        assert.deepEqual(expand(found, 'unreadable', 'home.city'), ['1/2']);
        assert.deepEqual(expand(found, 'undecodable', ''), ['1/1', '1/3']);
        assert.deepEqual(
          [found.readable, found.different, found.unreadable, found.undecodable, found.empty],
          [3, 0, 2, 2, 1],
        );
        assert.deepEqual(
          found.writers.map(({ messages, unreadable }) => [messages, unreadable]),
          // Without a frame; the first version; the second.
          [
            [1, 0],
            [1, 1],
            [5, 1],
          ],
        );
      });

      it('names the messages that a narrower type leaves out', async () => {
        const narrow = { ...now, id: { type: 'integer', maximum: 65535 }, note: { type: 'string' } };
        const found = await rehearsed('narrow.json', object(narrow), topic);
        assert.deepEqual(expand(found, 'unreadable', 'id'), ['1/0']);
        assert.deepEqual(expand(found, 'unreadable', 'note'), ['0/2']);
        const newest = await rehearsed('narrow.json', object(narrow), topic, '--limit', '4');
        // Of each partition the last two.
        assert.deepEqual([newest.messages, expand(newest, 'unreadable', 'id')], [4, []]);
        assert.deepEqual(expand(newest, 'unreadable', 'note'), ['0/2']);
      });

      it('is no schema where what it refers to is not there', async () => {
        const path = await file('lost.json', object({ home: { $ref: 'nowhere.json' } }));
        const { error } = await refused('rehearse', path, '--subject', `${topic}-value`);
        assert.equal(error, 'not-a-schema');
      });
    });

    describe('Protobuf', () => {
      const topic = named('proto-lines');
      const of = (...fields: string[]): string =>
        `syntax = "proto3";\nmessage Line { ${fields.join(' ')} }\nenum Kind { SALE = 0; RETURN = 1; }\n`;
      const now = ['string no = 1;', 'int32 quantity = 2;', 'Kind kind = 3;', 'int64 cents = 4;'];

      before(async () => {
        const id = await registry.register(`${topic}-value`, 'PROTOBUF', of(...now));
        // The message's place, then field by field: https://protobuf.dev/programming-guides/encoding/
        const line = (...body: number[]): Buffer => frame(id, Uint8Array.from([0, ...body]));
        await fill(
          topic,
          [
            line(10, 1, 65, 16, 7),
            line(10, 1, 66),
            // 3 000 000 000 cents, more than 32 bits hold.
            line(16, 1, 24, 1, 32, 0x80, 0xbc, 0xc1, 0x96, 0x0b),
          ],
          [line(32, 5), null, line(10, 9, 65), line()],
        );
      });

      it('names the messages whose value of a dropped field would be lost', async () => {
        const draft = of('string no = 1;', 'Kind type = 3;', 'int64 cents = 4;');
        const found = await rehearsed('dropped.proto', draft, topic);
        assert.deepEqual(expand(found, 'different', 'quantity'), ['0/0', '0/2']);
        assert.deepEqual(expand(found, 'different', 'type'), ['0/2']);
        assert.deepEqual(expand(found, 'undecodable', ''), ['1/2']);
        assert.deepEqual(
          [found.messages, found.readable, found.different, found.unreadable, found.undecodable, found.empty],
          [7, 3, 2, 0, 1, 1],
        );
      });

      it('names the messages that another type does not fit, or fits as another value', async () => {
        const draft = of('int32 no = 1;', 'int32 quantity = 2;', 'Kind kind = 3;', 'int32 cents = 4;');
        const found = await rehearsed('retyped.proto', draft, topic);
        assert.deepEqual(expand(found, 'unreadable', 'no'), ['0/0', '0/1']);
        assert.deepEqual(expand(found, 'different', 'cents'), ['0/2']);
        assert.deepEqual([found.unreadable, found.different, found.readable], [2, 1, 2]);
      });

      it('is compared by its text', async () => {
        const draft = await file('diff.proto', of('string no = 1;', 'int32 quantity = 2;', 'Kind kind = 3;'));
        const { by, lines } = await schema<{ by: string; lines: string[] }>('diff', `${topic}-value`, draft);
        assert.equal(by, 'text');
        assert.deepEqual(
          lines.filter((text) => /^[-+]/.test(text)).map((text) => /cents/.test(text)),
          [true, false],
        );
      });
    });
  });
});
