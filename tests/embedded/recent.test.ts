import { describe, expect, it } from "vitest";
import { recentValues } from "../../packages/embedded/recent.ts";

describe("a bounded memory", () => {
  it("forgets what was not asked for, and nothing that is in use", () => {
    const memory = recentValues<{ used: boolean }>(4, ({ used }) => used);
    memory.set("in use", { used: true });
    memory.set("asked for", { used: false });
    memory.set("idle", { used: false });
    for (let n = 0; n < 100; n++) {
      memory.set(`${n}`, { used: false });
      memory.get("asked for");
    }
    expect(memory.get("in use")).toEqual({ used: true });
    expect(memory.get("asked for")).toEqual({ used: false });
    expect([memory.get("idle"), memory.get("0"), memory.get("50")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
