import { verifyArchive } from "@holdline/archive";
import { describe, expect, it } from "vitest";
import { disorderDrill } from "../../services/drill/disorder.ts";
import { replayOf } from "../../services/replay/replay-of.ts";

describe("on an emulated AWS", () => {
  // The long form of this is `npm run drill -- disorder`.
  it("nothing is lost, doubled or swapped though every queue shuffles and doubles", async () => {
    const drill = { conversations: 6, withinMs: 200_000 };
    const { tally, archive } = await disorderDrill(drill);
    expect(tally).toMatchObject({ lost: 0, doubled: 0, swapped: 0, strayed: 0 });
    expect(tally.texts).toBe(48);
    // And what it has carried is said again to the byte.
    expect(await verifyArchive(archive)).toMatchObject({ faults: [] });
    const replay = await replayOf(archive, {});
    expect(replay).toMatchObject({ conversations: 6, differ: 0, unknown: 0 });
    expect(replay.equal).toBeGreaterThan(400);
  }, 280_000);
});
