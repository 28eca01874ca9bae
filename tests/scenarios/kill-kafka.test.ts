import { expect, it } from "vitest";
import { killDrillOnKafka } from "../../services/drill/kill-kafka.ts";

it("loses, doubles and swaps nothing when consumers, the broker and the store are killed in the middle of traffic", async () => {
  const drill = { conversations: 24, kills: 2, livesMs: 1_500, withinMs: 240_000 };
  const say = (line: string) => console.log(line);
  const { tally, killed, besides } = await killDrillOnKafka({ ...drill, say });
  expect({ killed, besides }).toEqual({ killed: 2, besides: ", the broker once, the store once" });
  expect(tally).toMatchObject({ conversations: 24, lost: 0, doubled: 0, swapped: 0, strayed: 0 });
}, 300_000);
