import { type Embedded, embedded, standingIn } from "@holdline/embedded";
import { advanced, retried } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { mine, nothing, run, told, workAt } from "../contracts/state-store-given.ts";
import { ownFolder } from "../support/folder.ts";

const line = "ingest/message";

/** What the file says, and what the process that has the folder open knows better. */
const standing = (folder: string, data: Pick<Embedded, "progress">) =>
  standingIn(folder, "c-1", ["classify"], { classify: data.progress("classify", "c-1") });

describe("where stages stand", () => {
  it("is read from a folder that another process has open, and from one that nobody has", async () => {
    const folder = ownFolder();
    const data = await embedded({ folder });
    await run(data.store, workAt(0));
    const { record, token } = await mine(data.store, workAt(1));
    const met = retried(record, workAt(1).position, { counts: true, code: "bot-silent", now: 7 });
    await data.store.release(workAt(1), token, met);
    const trouble = { seq: 1, code: "bot-silent", since: 7 };
    const cursor = { next: 1, passed: [], attempts: { 1: 1 }, trouble };
    const stages = { classify: { cursors: { [line]: cursor }, heldUntil: null } };
    expect(standingIn(folder, "c-1", ["classify"])).toMatchObject({ stages });
    await data.close();
    expect(standingIn(folder, "c-1", ["classify"])).toMatchObject({ stages });
    expect(standingIn(folder, "c-2", ["classify"]).stages.classify?.cursors).toEqual({});
  });

  it("is known better by the process that has it: what it has in hand, and what it has not written yet", async () => {
    const folder = ownFolder();
    await using data = await embedded({ folder, now: () => 1_000 });
    const { record, token } = await mine(data.store, workAt(0));
    expect(standing(folder, data).stages.classify?.heldUntil).toBe(2_000);
    const after = advanced(record, workAt(0).position);
    await data.store.commit(workAt(0), token, { ...nothing, record: after, lazily: true });
    const known = standing(folder, data).stages.classify;
    expect(known).toMatchObject({ heldUntil: null, cursors: { [line]: { next: 1 } } });
    expect(standingIn(folder, "c-1", ["classify"]).stages.classify?.cursors).toEqual({});
  });

  it("tells how far its subscription is, what it began, and what is to be said later", async () => {
    const folder = ownFolder();
    await using data = await embedded({ folder });
    await data.log.publish([told(0), told(1)]);
    const stop = new AbortController();
    const seen: unknown[] = [];
    const consuming = data.log.consume(
      { name: "classify", topics: ["event"] },
      async (event) => {
        seen.push(event);
        return { verdict: "ack" };
      },
      stop.signal,
    );
    await expect.poll(() => seen.length).toBe(2);
    stop.abort();
    await consuming;
    const { token } = await mine(data.store, workAt(0));
    const effect = `classify/${told(1).id}/ask`;
    await data.store.begin(workAt(0), token, effect, 1);
    await data.store.begin(workAt(0), token, "classify/another conversation's/ask", 1);
    const draft = { type: "a.b", version: 1, key: "c-1", data: null };
    const late = { id: "l", due: "2026-01-01T00:00:00.000Z", producer: "classify", cause: null };
    const delay = ["c-1", "c-2"].map((key) => ({
      ...{ ...late, id: key, heard: {}, effects: [] },
      draft: { ...draft, key },
    }));
    const record = { cursors: {}, outputs: {} };
    await data.store.commit(workAt(0), token, { ...nothing, record, delay });
    const { stages, delayed } = standing(folder, data);
    expect(stages.classify?.leftBehind).toBe(2);
    expect(stages.classify?.begun).toMatchObject([{ token: effect, times: 1 }]);
    expect(delayed.map(({ id }) => id)).toEqual(["c-1"]);
  });

  it("is nowhere in a folder without a log", () => {
    expect(() => standingIn(ownFolder(), "c-1", [])).toThrow(/is no data folder/);
  });
});
