/**
 * How large partitions are on the disk of a broker: DescribeLogDirs, which kafkajs does not have.
 * Format: https://kafka.apache.org/protocol#The_Messages_DescribeLogDirs (version 1)
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { Connection } from './kafkaConnection.ts';

type ConnectedBroker = Awaited<ReturnType<Connection['findBroker']>>;

const request = (topic: string, partitions: readonly number[]) => ({
  apiKey: 35,
  apiVersion: 1,
  apiName: 'DescribeLogDirs',
  encode: () =>
    Promise.resolve(new Encoder().writeArray([new Encoder().writeString(topic).writeArray(partitions)])),
});

interface Size {
  readonly partition: number;
  readonly bytes: string;
  /** One that is being moved to another disk is there twice for a while. */
  readonly moving: boolean;
}

function sizesIn(payload: Buffer): readonly Size[] {
  const decoder = new Decoder(payload);
  decoder.readInt32();
  const folders = decoder.readArray(() => {
    decoder.readInt16();
    decoder.readString();
    return decoder.readArray(() => {
      decoder.readString();
      return decoder.readArray(() => {
        const partition = decoder.readInt32();
        const bytes = decoder.readInt64().toString();
        decoder.readInt64();
        return { partition, bytes, moving: decoder.readBoolean() };
      });
    });
  });
  return folders.flat(2);
}

/** Partition → bytes, int64 as text; one that the broker does not tell of is missing. */
export async function partitionSizes(
  broker: ConnectedBroker,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const sizes = await broker.connectionPool.send<readonly Size[]>({
    request: request(topic, partitions),
    response: {
      decode: (payload) => Promise.resolve(sizesIn(payload)),
      parse: (found) => Promise.resolve(found),
    },
  });
  return new Map(sizes.filter(({ moving }) => !moving).map(({ partition, bytes }) => [partition, bytes]));
}
