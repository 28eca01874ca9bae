import { expect, it } from "vitest";
import { killDrill } from "../../services/drill/kill.ts";

it("loses, doubles and swaps nothing when the pipeline is killed in the middle of traffic", async () => {
  const drill = { conversations: 24, kills: 2, livesMs: 1_000, withinMs: 150_000 };
  const { tally, killed } = await killDrill(drill);
  expect(killed).toBe(2);
  expect(tally).toMatchObject({ conversations: 24, lost: 0, doubled: 0, swapped: 0, strayed: 0 });
}, 180_000);
