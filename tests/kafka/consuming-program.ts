import { kafka } from "@holdline/kafka";

/** Consumes as one member of a group and prints what it is given; it is killed, or ends with its input. */
const [, , address = "", prefix = "", slow = "0"] = process.argv;
const transport = await kafka(
  { brokers: [address], prefix, partitions: 4, replication: 1 },
  { topics: ["message"] },
);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
console.log("up");
await transport.consume(
  { name: "reader", topics: ["message"] },
  async (raw) => {
    const { key, position } = raw as { key: string; position: { seq: number } };
    console.log(`${key} ${position.seq}`);
    await new Promise((resolve) => setTimeout(resolve, Number(slow)));
    return { verdict: "ack" };
  },
  stop.signal,
);
await transport[Symbol.asyncDispose]();
