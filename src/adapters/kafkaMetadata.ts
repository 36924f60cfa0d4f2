/** kafkajs fails a whole look at topics when one partition has no leader; what the others hold can still be seen. */
import { requests } from 'kafkajs/src/protocol/requests/index.js';

/** Of the protocol: the broker that led it is away, and no replica took its place. */
const LEADER_NOT_AVAILABLE = 5;

let done = false;

/** From now on such a partition is told with the leader -1. */
export function seeLeaderless(): void {
  if (done) return;
  done = true;
  const { Metadata } = requests;
  const { protocol } = Metadata;
  Metadata.protocol = (version) => {
    const make = protocol(version);
    return (parameters) => {
      const made = make(parameters);
      const { parse } = made.response;
      return {
        ...made,
        response: {
          ...made.response,
          parse: (data) =>
            parse({
              ...data,
              topicMetadata: data.topicMetadata.map((topic) => ({
                ...topic,
                partitionMetadata: topic.partitionMetadata.map((partition) =>
                  partition.partitionErrorCode === LEADER_NOT_AVAILABLE
                    ? { ...partition, partitionErrorCode: 0, leader: -1 }
                    : partition,
                ),
              })),
            }),
        },
      };
    };
  };
}
