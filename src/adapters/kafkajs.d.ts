// The files of kafkajs that its public types leave out; adapters/kafkaConnection.ts says why they are used.
declare module 'kafkajs/src/cluster/index.js' {
  import type { ConnectionOptions } from 'node:tls';
  import type { Broker, Cluster, ISocketFactory, Logger, RetryOptions, SASLOptions } from 'kafkajs';

  export interface PartitionOffset {
    readonly partition: number;
    readonly offset: string;
  }
  export interface ProtocolRequest<T> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      encode(): Promise<unknown>;
    };
    readonly response: {
      decode(payload: Buffer): Promise<T>;
      parse(decoded: T): Promise<T>;
    };
  }
  type ConnectedBroker = Omit<Broker, 'listOffsets'> & {
    deleteRecords(request: {
      topics: readonly {
        topic: string;
        partitions: readonly { partition: number; offset: string }[];
      }[];
    }): Promise<unknown>;
    listOffsets(request: {
      replicaId: number;
      isolationLevel: number;
      topics: readonly {
        topic: string;
        partitions: readonly { partition: number; timestamp: number }[];
      }[];
    }): Promise<{ responses: { topic: string; partitions: PartitionOffset[] }[] }>;
    lookupRequest<P, R extends { readonly request: { readonly apiVersion: number } }>(
      apiKey: number,
      definition: { readonly protocol: (version: { version: number }) => (parameters: P) => R },
    ): (parameters: P) => R;
    /** By API key, what the broker knows; null before it is connected. */
    readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>> | null;
    readonly connectionPool: {
      send<T>(request: {
        readonly request: { readonly apiVersion: number };
        readonly response: {
          decode(bytes: Buffer): Promise<T>;
          parse(answer: T): Promise<T>;
        };
      }): Promise<T>;
    };
  };
  type FullCluster = Omit<Cluster, 'findBroker' | 'findGroupCoordinator' | 'findControllerBroker'> & {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    isConnected(): boolean;
    readonly targetTopics: Set<string>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    findBroker(node: { nodeId: string }): Promise<ConnectedBroker>;
    findGroupCoordinator(group: { groupId: string }): Promise<ConnectedBroker>;
    findControllerBroker(): Promise<ConnectedBroker>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  };
  const createCluster: new (options: {
    logger: Logger;
    socketFactory: ISocketFactory;
    brokers: readonly string[];
    ssl?: ConnectionOptions;
    sasl?: SASLOptions;
    clientId: string;
    connectionTimeout: number;
    requestTimeout: number;
    enforceRequestTimeout: boolean;
    metadataMaxAge: number;
    allowAutoTopicCreation: boolean;
    retry: RetryOptions;
  }) => FullCluster;
  export default createCluster;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  interface MetadataAnswer {
    readonly topicMetadata: readonly {
      readonly topicErrorCode: number;
      readonly partitionMetadata: readonly { readonly partitionErrorCode: number; readonly leader: number }[];
    }[];
  }
  interface MetadataRequest {
    readonly response: {
      decode: (bytes: Buffer) => Promise<MetadataAnswer>;
      parse: (answer: MetadataAnswer) => Promise<MetadataAnswer>;
    };
  }
  export const requests: {
    readonly Metadata: {
      protocol: (version: { version: number }) => (parameters: unknown) => MetadataRequest;
    };
    readonly Fetch: {
      protocol(version: { version: number }): (parameters: {
        isolationLevel: number;
        maxWaitTime: number;
        minBytes: number;
        maxBytes: number;
        topics: readonly {
          topic: string;
          partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
        }[];
        rackId: string;
      }) => { readonly request: { readonly apiVersion: number }; readonly requestTimeout: number | null };
    };
  };
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: { readonly Fetch: number };
  export default apiKeys;
}

declare module 'kafkajs/src/protocol/error.js' {
  import type { KafkaJSProtocolError } from 'kafkajs';

  export function createErrorFromCode(code: number): KafkaJSProtocolError;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';

  const createSocketFactory: () => ISocketFactory;
  export default createSocketFactory;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: {
    readonly prototype: {
      readonly throttledUntil: number;
      readonly pending: readonly unknown[];
      throttleCheckTimeoutId: NodeJS.Timeout | null;
      checkPendingRequests(): void;
      scheduleCheckPendingRequests(): void;
    };
  };
  export default RequestQueue;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  const Encoder: new () => {
    writeInt8(value: number): InstanceType<typeof Encoder>;
    writeBoolean(value: boolean): InstanceType<typeof Encoder>;
    writeString(value: string | null): InstanceType<typeof Encoder>;
    /** Numbers are written as INT32. */
    writeArray(values: readonly unknown[]): InstanceType<typeof Encoder>;
    writeUVarIntString(value: string): InstanceType<typeof Encoder>;
    /** Leaves out what is no encoder. */
    writeUVarIntArray(values: readonly InstanceType<typeof Encoder>[]): InstanceType<typeof Encoder>;
    /** Without a value: a zero, which is also how it is said that there are no tagged fields. */
    writeUVarIntBytes(value?: Buffer): InstanceType<typeof Encoder>;
  };
  export default Encoder;
}

declare module 'kafkajs/src/protocol/decoder.js' {
  const Decoder: new (payload: Buffer) => {
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): { toString(): string };
    readBoolean(): boolean;
    readString(): string | null;
    readArray<T>(read: () => T): T[];
    readUVarIntString(): string | null;
    readUVarIntArray<T>(read: () => T): T[] | null;
    readTaggedFields(): unknown;
    forward(bytes: number): void;
  };
  export default Decoder;
}
