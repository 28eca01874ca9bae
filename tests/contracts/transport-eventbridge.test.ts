import { eventBridge } from "@holdline/eventbridge";
import { describe } from "vitest";
import { ownBus } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";
import { transportContract } from "./transport.ts";

const aws = emulator();

describe("eventbridge transport", () =>
  transportContract(async () => {
    const topics = ["message"];
    const bus = await ownBus(aws.the, { reader: topics, left: topics, right: topics });
    return { transport: eventBridge({ ...bus, client: bus.eventBridge }) };
  }));
