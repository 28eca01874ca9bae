import { ingress, redrive, type StateStore, Unsure } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { ack, retry } from "../support/answering.ts";
import { policy, question, start } from "../support/around.ts";
import { memoryStore } from "../support/memory-store.ts";
import {
  accepted,
  evidenced,
  harmless,
  risky,
  sending,
  silent,
  token,
} from "../support/sending.ts";

describe("a harmless effect that nobody is sure of", () => {
  it("is repeated under the same token, and counts as an attempt", async () => {
    const { deliver, sent, letters } = sending(silent, harmless);
    expect(await deliver(question())).toEqual(retry(100));
    expect(await deliver(question())).toEqual(retry(200));
    expect(await deliver(question())).toEqual(ack);
    expect(sent.mock.calls.map(([given]) => given)).toEqual([token, token, token]);
    expect(letters()).toMatchObject([{ code: "carrier-silent" }]);
  });
});

describe("an effect never to be repeated that nobody is sure of", () => {
  it("is for a person", async () => {
    const { deliver, sent, letters } = sending(silent, risky);
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    expect(letters()).toMatchObject([{ code: "unsure" }]);
  });

  it("is for a person too when the process died in the middle", async () => {
    const store = memoryStore(() => 0);
    const work = { stage: "sender", key: "c-1" };
    const claim = await store.claim(work, { leaseMs: 0, gapMs: 0 });
    if (claim.claim === "mine") await store.begin(work, claim.token, token, 1);
    const { deliver, sent, letters } = sending(accepted, risky, { store });
    expect(await deliver(question())).toEqual(ack);
    expect(sent).not.toHaveBeenCalled();
    expect(letters()).toMatchObject([{ code: "unsure" }]);
  });

  it("happens after all when a person redrives it", async () => {
    let reachable = false;
    const { deliver, sent, published, store, commit, clock, answers } = sending(async () => {
      if (!reachable) throw new Unsure("carrier-silent");
      return "sent";
    }, risky);
    await deliver(question());
    reachable = true;
    const door = ingress(store, commit, { now: () => new Date(clock.now) });
    for (const letter of [...published]) await redrive(door, letter);
    expect(await deliver(published[1])).toEqual(ack);
    expect(sent).toHaveBeenCalledTimes(2);
    expect(answers()).toHaveLength(1);
  });
});

describe("an effect with evidence that nobody is sure of", () => {
  it("waits for the evidence, and records it", async () => {
    const proof = new Map<string, unknown>();
    const { deliver, sent, answers, clock } = sending(
      silent,
      evidenced((of) => proof.get(of)),
    );
    expect(await deliver(question())).toEqual(retry(5_000));
    clock.now += 2_000;
    expect(await deliver(question())).toEqual(retry(3_000));
    proof.set(token, { carrierId: "SM9" });
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    expect(answers()[0]?.effects).toEqual([{ name: "send", outcome: { carrierId: "SM9" } }]);
  });

  it("is repeated once without evidence, and then for a person", async () => {
    const { deliver, sent, letters, clock } = sending(silent, evidenced());
    expect(await deliver(question())).toEqual(retry(5_000));
    clock.now += 5_000;
    expect(await deliver(question())).toEqual(retry(5_000));
    expect(sent).toHaveBeenCalledTimes(2);
    expect(letters()).toEqual([]);
    clock.now += 5_000;
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledTimes(2);
    expect(letters()).toMatchObject([{ code: "unsure" }]);
  });

  it("is not repeated at all where that is the rule", async () => {
    const { deliver, sent, letters, clock } = sending(silent, {
      ...evidenced(),
      ifUnsure: "dead-letter",
    });
    expect(await deliver(question())).toEqual(retry(5_000));
    clock.now += 5_000;
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    expect(letters()).toMatchObject([{ code: "unsure" }]);
  });

  it("did not happen again when the evidence came before the redrive", async () => {
    const proof = new Map<string, unknown>();
    const { deliver, sent, published, store, commit, clock, answers } = sending(
      silent,
      evidenced((of) => proof.get(of)),
    );
    for (let times = 0; times < 3; times++) {
      await deliver(question());
      clock.now += 5_000;
    }
    proof.set(token, "late proof");
    const door = ingress(store, commit, { now: () => new Date(clock.now) });
    for (const letter of [...published]) await redrive(door, letter);
    expect(await deliver(published[1])).toEqual(ack);
    expect(sent).toHaveBeenCalledTimes(2);
    expect(answers()).toMatchObject([{ data: { text: '"late proof"' } }]);
  });

  it("did happen, even when neither the commit nor its outcome could be written down", async () => {
    let now = start;
    const store = memoryStore(() => now);
    const busy = { commit: 1, done: 1 };
    const failing =
      <Given extends unknown[], Answer>(
        name: keyof typeof busy,
        step: (...given: Given) => Promise<Answer>,
      ) =>
      async (...given: Given) => {
        if (busy[name]-- > 0) throw new Error("the store is busy");
        return step(...given);
      };
    const flaky: StateStore = {
      ...store,
      commit: failing("commit", store.commit),
      done: failing("done", store.done),
    };
    const proof = new Map<string, unknown>();
    const { deliver, sent } = sending(
      async (given) => {
        proof.set(given, "sent");
        return "sent";
      },
      evidenced((of) => proof.get(of)),
      { store: flaky },
    );
    expect(await deliver(question())).toEqual(retry(100));
    now += policy.leaseMs;
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
  });

  it("is one nobody is sure of when the port has a bug", async () => {
    const { deliver, store } = sending(async () => {
      throw new TypeError("undefined is not a function");
    }, evidenced());
    expect(await deliver(question())).toEqual(retry(5_000));
    expect(await store.mark(token)).toMatchObject({ times: 2 });
  });
});

describe("a zombie", () => {
  it("begins no effect", async () => {
    const clock = { now: 0 };
    const store = memoryStore(() => clock.now);
    const { deliver, sent } = sending(accepted, risky, { store });
    const mark = store.mark;
    store.mark = async (asked) => {
      clock.now += policy.leaseMs;
      await store.claim({ stage: "sender", key: "c-1" }, { leaseMs: 10_000, gapMs: 0 });
      return mark(asked);
    };
    expect(await deliver(question())).toEqual(retry(100));
    expect(sent).not.toHaveBeenCalled();
  });
});
