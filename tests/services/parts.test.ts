import { describe, expect, it } from "vitest";
import { partsOf } from "../../services/parts.ts";
import { pipeline } from "../../services/pipeline.ts";
import { allTopics } from "../../services/topics.ts";

const stages = pipeline.map(({ name }) => name);

describe("the parts of a process over Kafka", () => {
  it("are all of them where none is named", () => {
    expect(partsOf(undefined)).toEqual({ stages: new Set(stages), doors: true, holder: true });
  });

  it("are those named, and no others", () => {
    expect(partsOf(["classify", "doors"])).toEqual({
      stages: new Set(["classify"]),
      doors: true,
      holder: false,
    });
  });

  it("that there are not are refused, with the names there are", () => {
    expect(() => partsOf(["clasify"])).toThrow(/no part "clasify"; there are ingest, classify/);
    expect(() => partsOf([])).toThrow(/there are ingest/);
    expect(() => partsOf([""])).toThrow(/there are ingest/);
  });
});

describe("the topics a transport must carry", () => {
  it("are those of every event anybody says or hears", () => {
    const named = pipeline.flatMap(({ on, emits }) => [...on, ...emits].map(({ type }) => type));
    const topics = named.map((type) => type.split(".")[0]);
    for (const topic of [...topics, "inbound", "receipt", "offer", "chat", "event"])
      expect(allTopics).toContain(topic);
  });
});
