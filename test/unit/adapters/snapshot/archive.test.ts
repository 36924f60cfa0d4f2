import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readManifestText, unpackArchive, writeArchive } from '../../../../src/adapters/snapshot/archive.ts';
import { dataFiles } from '../../../../src/adapters/snapshot/dataFiles.ts';
import type { Manifest } from '../../../../src/core/snapshot.ts';

const MANIFEST: Manifest = {
  format: 1,
  created: '2026-01-15T12:00:00.000Z',
  product: '0.1.0',
  runtime: 'embedded',
  versions: {},
  warehouse: '/área/data/warehouse',
  bytes: 0,
};
const nothing = (): void => undefined;
const refused = (code: string) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, code, String(error));
  return true;
};

describe('the file of a snapshot', () => {
  let folder: string;
  let data: string;
  let file: string;
  const { signal } = new AbortController();
  const write = (to = file, stop = signal, onBytes: (bytes: number) => void = nothing) =>
    writeArchive(to, { folder: data, manifest: MANIFEST, files: dataFiles(data) }, onBytes, stop);
  const unpack = () => unpackArchive(file, join(folder, 'out'), nothing, signal);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders lakehouse ção '));
    data = join(folder, 'data');
    file = join(folder, 'a snapshot.tar.gz');
    await mkdir(join(data, 'kafka', 'log', 'orders-0'), { recursive: true });
    await mkdir(join(data, 'metastore', 'tmp'), { recursive: true });
    await writeFile(join(data, 'kafka', 'log', 'orders-0', '00.log'), 'x'.repeat(300_000));
    await writeFile(join(data, 'kafka', 'log', '.lock'), '');
    await writeFile(join(data, 'metastore', 'db.lck'), '');
    await mkdir(join(data, 'warehouse', `${'long-'.repeat(30)}é`), { recursive: true });
    await writeFile(
      join(data, 'warehouse', `${'long-'.repeat(30)}é`, 'ü.parquet'),
      Buffer.from([0, 255, 10]),
    );
    await writeFile(join(data, 'last-run.json'), '{}');
    await writeFile(join(data, 'not-ours.txt'), 'stays');
    await utimes(join(data, 'last-run.json'), 1_700_000_000, 1_700_000_000);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back every file, empty folders and times, and no locks', async () => {
    let bytes = 0;
    const size = await write(file, signal, (more) => (bytes += more));
    assert.equal(size, statSync(file).size);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.equal(bytes, 300_000 + 3 + 2);
    assert.deepEqual(JSON.parse(await readManifestText(file)), MANIFEST);
    await unpack();
    const names = (of: string) => readdirSync(of, { recursive: true, encoding: 'utf8' }).sort();
    const expected = names(data).filter((name) => !/\.lock$|db\.lck$|not-ours/.test(name));
    const out = join(folder, 'out');
    assert.deepEqual(names(out), expected);
    for (const name of expected.filter((one) => statSync(join(data, one)).isFile()))
      assert.deepEqual(readFileSync(join(out, name)), readFileSync(join(data, name)), name);
    assert.equal(statSync(join(out, 'last-run.json')).mtimeMs, 1_700_000_000_000);
  });

  it('begins with its manifest, for any tar', async () => {
    await write();
    const [first] = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');
    assert.equal(first, 'manifest.json');
  });

  it('is refused when its end is missing, at whatever place', async () => {
    await write();
    const whole = readFileSync(file);
    for (const length of [whole.length - 1, whole.length - 60, Math.floor(whole.length / 2)]) {
      writeFileSync(file, whole.subarray(0, length));
      await assert.rejects(unpack(), refused('snapshot-damaged'), `${length} of ${whole.length}`);
    }
    // Cut between two entries, and packed as if it were whole.
    writeFileSync(file, gzipSync(gunzipSync(whole).subarray(0, 512 * 4)));
    await assert.rejects(unpack(), refused('snapshot-damaged'));
  });

  it('is refused when a byte of it changed, though packed as if it were whole', async () => {
    await write();
    const tar = gunzipSync(readFileSync(file));
    const at = tar.indexOf('xxxxxxxx');
    tar[at] = 121;
    writeFileSync(file, gzipSync(tar));
    await assert.rejects(unpack(), refused('snapshot-damaged'));
  });

  it('is refused when it would write elsewhere', async () => {
    const evil = join(folder, 'evil');
    await mkdir(join(evil, 'kafka'), { recursive: true });
    await writeFile(join(evil, 'manifest.json'), JSON.stringify(MANIFEST));
    await writeFile(join(folder, 'outside'), 'x');
    symlinkSync('/etc', join(evil, 'kafka', 'link'));
    for (const entry of ['../outside', 'kafka/link']) {
      execFileSync('tar', ['-czPf', file, 'manifest.json', entry], { cwd: evil });
      await assert.rejects(unpack(), refused('snapshot-damaged'), entry);
    }
    assert.deepEqual(existsSync(join(folder, 'out', 'kafka')), false);
  });

  it('is refused when it is another kind of file', async () => {
    for (const content of [Buffer.from('no'), gzipSync('no tar'), Buffer.alloc(0)]) {
      writeFileSync(file, content);
      await assert.rejects(readManifestText(file), refused('not-a-snapshot'));
    }
    await assert.rejects(readManifestText(join(folder, 'nowhere')), { code: 'ENOENT' });
  });

  it('leaves what was there before when the writing is interrupted', async () => {
    await writeFile(file, 'before');
    const stop = new AbortController();
    await assert.rejects(
      write(file, stop.signal, () => {
        stop.abort();
      }),
      { name: 'Cancelled' },
    );
    // A file that is shorter than it was when the work began.
    const files = dataFiles(data).map((one) => (one.bytes > 1000 ? { ...one, bytes: one.bytes + 5 } : one));
    await assert.rejects(writeArchive(file, { folder: data, manifest: MANIFEST, files }, nothing, signal));
    await assert.rejects(write('/dev/full/x', signal), { code: 'ENOTDIR' });
    assert.equal(readFileSync(file, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder).sort(), ['a snapshot.tar.gz', 'data']);
  });
});
