import { describe, expect, it } from "vitest";
import { contactBook } from "../../../packages/connect/book.ts";
import { holding } from "../../support/holding.ts";

describe("opening a socket", () => {
  it("is tried again when the subscription is refused or not answered", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const one = await chat();
    fake.misbehave.refuseSubscribes = 2;
    start();
    await listening(one);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(1);
  });

  it("gets another URL after five refusals", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const one = await chat();
    fake.misbehave.refuseSubscribes = 5;
    start();
    await listening(one);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(2);
    expect(fake.openSockets()).toBe(1);
  });

  it("asks again when a subscription is not answered", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const one = await chat();
    fake.misbehave.ignoreSubscribes = 1;
    start();
    await listening(one);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(1);
  });

  it("gets another URL when the edge forbids the first", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const one = await chat();
    fake.misbehave.forbid = 1;
    start();
    await listening(one);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(2);
  });

  it("tries the same URL again when the door fails, and another one when it is refused", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const [one, two] = [await chat(), await chat()];
    const holder = start({ connectsAtOnce: 1 });
    fake.misbehave.turnAway = 1;
    fake.misbehave.turnAwayWith = 503;
    await listening(one);
    await listening(two);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(2);
    await holder.stop();
    fake.misbehave.turnAway = 1;
    fake.misbehave.turnAwayWith = 403;
    start();
    await listening(one);
    await listening(two);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(5);
  });

  it("waits for everybody when the quota is exhausted, and opens all of them in the end", async () => {
    await using world = await holding();
    const { fake, chat, start, listening } = world;
    const chats = await Promise.all(Array.from({ length: 5 }, chat));
    fake.misbehave.errors.push({
      operation: "CreateParticipantConnection",
      error: "ThrottlingException",
      times: 2,
    });
    const holder = start({ connectsAtOnce: 1 });
    for (const one of chats) await listening(one);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(7);
    expect(holder.stats().throttled).toBe(2);
  });

  it("lets chats with an agent go first, then new ones, then quiet ones", async () => {
    await using world = await holding();
    const { fake, store, chat, start, listening } = world;
    const [quiet, fresh, live] = [await chat(), await chat(), await chat()];
    const book = contactBook(store);
    const lastItem = { lastItemId: "i", lastItemAt: "2020-01-01T00:00:00.000Z", queued: true };
    await book.advance(quiet.contactId, { ...lastItem, withAgent: false });
    await book.advance(live.contactId, { ...lastItem, withAgent: true });
    start({ connectsAtOnce: 1, connectsPerSecond: 50, connectsBurst: 1 });
    for (const one of [quiet, fresh, live]) await listening(one);
    expect(fake.callsOf("CreateParticipantConnection").map(({ bearer }) => bearer)).toEqual(
      [live, fresh, quiet].map(({ participantToken }) => participantToken),
    );
  });

  it("keeps the credentials it got, so that whoever speaks need not ask", async () => {
    await using world = await holding();
    const { fake, store, chat, start, listening } = world;
    const one = await chat();
    start();
    await listening(one);
    const kept = await contactBook(store).credentials(one.contactId);
    expect(kept?.connectionToken).toBe(fake.callsOf("GetTranscript").at(0)?.bearer);
  });
});
