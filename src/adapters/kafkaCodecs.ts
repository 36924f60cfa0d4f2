/**
 * What producers compress with beside gzip, which kafkajs knows itself. Only read: ours send uncompressed.
 * Formats: https://kafka.apache.org/documentation/#recordbatch
 */
import { lz4Decompress, snappyDecompress } from '@platformatic/wasm-utils/bundled';
import { decompress as zstdDecompress } from 'fzstd';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';

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

const reading = (decompress: (data: Buffer) => Buffer) => () => ({
  compress: () => Promise.reject(new Error('only read')),
  decompress: (data: Buffer) => Promise.resolve(decompress(data)),
});

/** Lets kafkajs read all four codecs. */
export function knowAllCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = reading(unsnappy);
  CompressionCodecs[CompressionTypes.LZ4] = reading(lz4Decompress);
  CompressionCodecs[CompressionTypes.ZSTD] = reading((data) => asBuffer(zstdDecompress(data)));
}
