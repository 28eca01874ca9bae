import { expect, it } from "vitest";
import { conversations } from "../../packages/embedded/conversations.ts";
import { type Database, openDatabase } from "../../packages/embedded/database.ts";
import { embeddedStore } from "../../packages/embedded/store.ts";
import { question } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";

it("an outbox that could not be taken from the file does not stand in the way of the next", async () => {
  const database = await openDatabase(ownFolder());
  let failures = 1;
  const sometimesFull: Database = {
    ...database,
    write: async (writes) => {
      if (writes[0]?.[0] === "unpost" && failures-- > 0) throw new Error("the disk is full");
      await database.write(writes);
    },
  };
  const terms = { now: () => 0, seenForMs: 1_000, marksForMs: 1_000, cached: 10, outbox: true };
  const never = () => Promise.reject(new Error("there is no log here"));
  const store = embeddedStore(sometimesFull, conversations(database, 10), never, terms);
  for (const seq of [0, 1]) {
    const work = { stage: "s", key: "c-1", position: { line: "phone/question", seq } };
    const claim = await store.claim(work, { leaseMs: 1_000, gapMs: 0 });
    if (claim.claim !== "mine") throw new Error(`it was ${claim.claim}`);
    const said = { publish: [question(seq)], delay: [], seen: [], forget: [] };
    const cursors = { "phone/question": { next: seq + 1, passed: [] } };
    await store.commit(work, claim.token, { record: { cursors, outputs: {} }, ...said });
    await store.clear(work, claim.token);
  }
  expect(failures).toBeLessThan(1);
  // Nobody waits for the outbox to be gone: it is with the groups before this one.
  await database.write([["keep", "a", "b"]]);
  expect(database.prepare("SELECT 1 FROM outboxes").all()).toEqual([]);
  await database.close();
});
