import { describe } from "vitest";
import { broker, openKafka, ownPlace } from "../support/kafka.ts";
import { transportContract } from "./transport.ts";

const up = broker();
const topics = ["message", "messages", "relay"];

describe("kafka transport", () =>
  transportContract(async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, topics);
    return { transport, reopen: () => openKafka(options, topics) };
  }));
