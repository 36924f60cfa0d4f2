/**
 * Changing some settings of a topic and no other: IncrementalAlterConfigs, which kafkajs does not have.
 * Format: https://kafka.apache.org/protocol#The_Messages_IncrementalAlterConfigs (version 0)
 */
import { ConfigResourceTypes } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import type { ConfigChange } from '../core/topicConfigs.ts';
import type { Connection } from './kafkaConnection.ts';

const API_KEY = 44;
const SET = 0;
const DELETE = 1;

type ConnectedBroker = Awaited<ReturnType<Connection['findBroker']>>;

/** Brokers before Kafka 2.3 cannot. */
export const canAlter = ({ versions }: ConnectedBroker): boolean => versions?.[API_KEY] !== undefined;

const entry = (name: string, operation: number, value: string | null) =>
  new Encoder().writeString(name).writeInt8(operation).writeString(value);

const request = (topic: string, { set, unset }: ConfigChange) => ({
  apiKey: API_KEY,
  apiVersion: 0,
  apiName: 'IncrementalAlterConfigs',
  encode: () => {
    const entries = [
      ...Object.entries(set).map(([name, value]) => entry(name, SET, value)),
      ...unset.map((name) => entry(name, DELETE, null)),
    ];
    const resource = new Encoder().writeInt8(ConfigResourceTypes.TOPIC).writeString(topic);
    // The last: not only to try it.
    return Promise.resolve(new Encoder().writeArray([resource.writeArray(entries)]).writeBoolean(false));
  },
});

function errorsIn(payload: Buffer): readonly number[] {
  const decoder = new Decoder(payload);
  decoder.readInt32();
  return decoder.readArray(() => {
    const code = decoder.readInt16();
    // The broker's words, in English, and which resource it is.
    decoder.readString();
    decoder.readInt8();
    decoder.readString();
    return code;
  });
}

/** Throws the protocol's error where the broker refuses. */
export async function alterConfigs(
  broker: ConnectedBroker,
  topic: string,
  change: ConfigChange,
): Promise<void> {
  const codes = await broker.connectionPool.send<readonly number[]>({
    request: request(topic, change),
    response: {
      decode: (payload) => Promise.resolve(errorsIn(payload)),
      parse: (found) => Promise.resolve(found),
    },
  });
  const refused = codes.find((code) => code !== 0);
  if (refused !== undefined) throw createErrorFromCode(refused);
}
