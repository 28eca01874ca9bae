import fc from "fast-check";
import { type PartitionerArgs, Partitioners } from "kafkajs";
import { describe, expect, it } from "vitest";
import { partitionOf } from "../../packages/transports/kafka/partition.ts";

/** kafkajs's own, which follows Java's. */
const theirs = Partitioners.DefaultPartitioner();
const metadata = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }));

describe("the partition of a key", () => {
  it("is the one that Kafka's own clients choose", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (key, partitions) => {
          const partitionMetadata = metadata(partitions) as PartitionerArgs["partitionMetadata"];
          const message = { key, value: null };
          expect(partitionOf(key, partitions)).toBe(
            theirs({ topic: "t", message, partitionMetadata }),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
