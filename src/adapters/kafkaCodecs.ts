/**
 * What producers compress with. Only read: ours send uncompressed.
 * Formats: https://kafka.apache.org/documentation/#recordbatch
 */
import { gunzipSync } from 'node:zlib';
import { lz4Decompress, snappyDecompress } from '@platformatic/wasm-utils/bundled';
import { decompress as zstdDecompress } from 'fzstd';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

/** The frames that Java's snappy writes: this, a version, the oldest that reads it, then blocks with their length. */
const JAVA_SNAPPY = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0]);
const JAVA_SNAPPY_HEADER = JAVA_SNAPPY.length + 8;

/** Brokers and Java's producers write frames, librdkafka the bare block. */
export function unsnappy(data: Buffer): Buffer {
  if (!data.subarray(0, JAVA_SNAPPY.length).equals(JAVA_SNAPPY)) return snappyDecompress(data);
  const blocks: Buffer[] = [];
  for (let at = JAVA_SNAPPY_HEADER; at < data.length;) {
    const end = at + 4 + data.readInt32BE(at);
    blocks.push(snappyDecompress(data.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Of a batch's attributes: https://kafka.apache.org/documentation/#recordbatch */
const CODECS: readonly ((data: Buffer) => Buffer)[] = [
  (data) => data,
  (data) => gunzipSync(data),
  unsnappy,
  lz4Decompress,
  (data) => asBuffer(zstdDecompress(data)),
];

/** The records of a batch as they were before the producer packed them. Throws UserError `unknown-compression`. */
export function decompress(codec: number, data: Buffer): Buffer {
  const unpack = CODECS[codec];
  if (!unpack) {
    throw new UserError(
      'unknown-compression',
      t('Messages are compressed in a way that is not known ({0}).', codec),
    );
  }
  return unpack(data);
}
