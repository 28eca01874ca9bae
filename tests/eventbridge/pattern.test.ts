import { TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import { rulePattern, source } from "@holdline/eventbridge";
import * as declared from "@holdline/events";
import { describe, expect, it } from "vitest";
import { pipeline } from "../../services/pipeline.ts";
import { awsClients } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";

const aws = emulator();

const types = Object.values(declared)
  .filter((one): one is typeof one & { readonly type: string } => "type" in Object(one))
  .map(({ type }) => type);

/** The stages' topics, read off their declarations without our own helper. */
const hears = (stage: (typeof pipeline)[number], type: string) =>
  stage.on.some((on) => on.type.split(".")[0] === type.split(".")[0]);

const delivered = (type: string, also = {}) =>
  JSON.stringify({
    version: "0",
    id: "0f1e2d3c-0000-4000-8000-000000000000",
    "detail-type": type,
    source,
    account: "111122223333",
    time: "2026-01-01T00:00:00Z",
    region: "us-west-2",
    resources: [],
    detail: { type },
    ...also,
  });

describe("the pattern of a stage's rule", () => {
  it.each(pipeline.map((stage) => [stage.name, stage] as const))(
    "matches whole topics of %s and nothing else, and no replay, as an independent matcher sees it",
    async (_, stage) => {
      const { eventBridge } = awsClients(aws.the);
      const EventPattern = JSON.stringify(rulePattern(stage));
      const matches = async (Event: string) =>
        (await eventBridge.send(new TestEventPatternCommand({ EventPattern, Event }))).Result;
      expect(types.length).toBeGreaterThan(20);
      for (const type of [...types, "messages.counted", "reply", "replyx.sent"]) {
        expect(await matches(delivered(type)), type).toBe(
          hears(stage, `${type}`) && type.includes("."),
        );
        expect(await matches(delivered(type, { "replay-name": "r-1" })), type).toBe(false);
        expect(await matches(delivered(type, { source: "somebody" })), type).toBe(false);
      }
    },
  );

  it("is one that EventBridge takes, short enough for its quota", () => {
    for (const stage of pipeline)
      expect(JSON.stringify(rulePattern(stage)).length).toBeLessThan(2_048);
  });
});
