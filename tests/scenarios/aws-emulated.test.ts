import { describe, expect, it } from "vitest";
import { disorderDrill } from "../../services/drill/disorder.ts";

describe("on an emulated AWS", () => {
  // The long form of this is `npm run drill -- disorder`.
  it("nothing is lost, doubled or swapped though every queue shuffles and doubles", async () => {
    const tally = await disorderDrill({ conversations: 6, withinMs: 200_000 });
    expect(tally).toMatchObject({ lost: 0, doubled: 0, swapped: 0, strayed: 0 });
    expect(tally.texts).toBe(48);
  }, 280_000);
});
