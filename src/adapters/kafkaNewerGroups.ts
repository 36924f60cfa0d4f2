/**
 * Who reads as a group of the newer protocol (KIP-848): ConsumerGroupDescribe, which kafkajs does not have.
 * Format: https://kafka.apache.org/protocol#The_Messages_ConsumerGroupDescribe (version 0)
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import type { GroupMember, GroupState } from '../core/groups.ts';
import type { Connection } from './kafkaConnection.ts';

const API_KEY = 69;
/** What a broker answers of a group of the old protocol, and one on which the newer protocol is turned off. */
const NOT_OF_IT = new Set(['GROUP_ID_NOT_FOUND', 'UNSUPPORTED_VERSION']);
const STATES: readonly GroupState[] = ['Empty', 'Assigning', 'Reconciling', 'Stable'];

export interface NewerGroup {
  readonly state: GroupState;
  readonly members: readonly GroupMember[];
}

interface Described extends NewerGroup {
  readonly errorCode: number;
}

const request = (groupId: string) => ({
  apiKey: API_KEY,
  apiVersion: 0,
  apiName: 'ConsumerGroupDescribe',
  encode: () =>
    Promise.resolve(
      // The end of the flexible header, the groups, no authorized operations, no tagged fields.
      new Encoder()
        .writeUVarIntBytes()
        .writeUVarIntArray([new Encoder().writeUVarIntString(groupId)])
        .writeBoolean(false)
        .writeUVarIntBytes(),
    ),
});

type Reader = InstanceType<typeof Decoder>;
type Assignment = GroupMember['assignment'];

const text = (decoder: Reader): string => decoder.readUVarIntString() ?? '';
const list = <T>(decoder: Reader, read: () => T): readonly T[] => decoder.readUVarIntArray(read) ?? [];
const byName = (one: { readonly topic: string }, other: { readonly topic: string }): number =>
  one.topic < other.topic ? -1 : 1;

function assignmentIn(decoder: Reader): Assignment {
  const assignment = list(decoder, () => {
    // The id of the topic, a UUID.
    decoder.forward(16);
    const topic = text(decoder);
    const partitions = list(decoder, () => decoder.readInt32()).toSorted((one, other) => one - other);
    decoder.readTaggedFields();
    return { topic, partitions };
  });
  decoder.readTaggedFields();
  return assignment.toSorted(byName);
}

function memberIn(decoder: Reader): GroupMember {
  const memberId = text(decoder);
  // Instance and rack, and the epoch.
  decoder.readUVarIntString();
  decoder.readUVarIntString();
  decoder.readInt32();
  const clientId = text(decoder);
  // Java writes addresses with a slash before them.
  const host = text(decoder).replace(/^\//, '');
  list(decoder, () => text(decoder));
  decoder.readUVarIntString();
  const assignment = assignmentIn(decoder);
  // What it is to have once it has let go of the rest.
  assignmentIn(decoder);
  decoder.readTaggedFields();
  return { memberId, clientId, host, assignment };
}

/** One group was asked for, so that there is one. */
export function describedIn(payload: Buffer): Described | undefined {
  const decoder = new Decoder(payload);
  decoder.readTaggedFields();
  decoder.readInt32();
  const [group] = list(decoder, () => {
    const errorCode = decoder.readInt16();
    // The error's message, and the group that it is.
    decoder.readUVarIntString();
    decoder.readUVarIntString();
    const told = text(decoder);
    // Epochs of the group and of its assignment, and who assigns.
    decoder.readInt32();
    decoder.readInt32();
    decoder.readUVarIntString();
    const members = list(decoder, () => memberIn(decoder));
    decoder.readInt32();
    decoder.readTaggedFields();
    return { errorCode, state: STATES.find((state) => state === told) ?? 'Unknown', members };
  });
  return group;
}

/** Undefined where it is no group of the newer protocol, or the broker is too old to have any. */
export async function describeNewerGroup(
  connection: Connection,
  groupId: string,
): Promise<NewerGroup | undefined> {
  const coordinator = await connection.findGroupCoordinator({ groupId });
  if (!coordinator.versions?.[API_KEY]) return undefined;
  const group = await coordinator.connectionPool.send<Described | undefined>({
    request: request(groupId),
    response: {
      decode: (payload) => Promise.resolve(describedIn(payload)),
      parse: (found) => Promise.resolve(found),
    },
  });
  if (!group) return undefined;
  if (group.errorCode === 0) return { state: group.state, members: group.members };
  const error = createErrorFromCode(group.errorCode);
  if (NOT_OF_IT.has(error.type)) return undefined;
  throw error;
}
