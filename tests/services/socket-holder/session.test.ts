import { describe, expect, it } from "vitest";
import { contactBook } from "../../../packages/connect/book.ts";
import { holding } from "../../support/holding.ts";

describe("a lost socket", () => {
  it("is replaced, and what was said meanwhile comes first", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, admitted } = world;
    const one = await chat();
    start();
    await listening(one);
    fake.say(one, "a");
    await texts(1);
    const answered = Promise.withResolvers<void>();
    fake.misbehave.transcriptHeldBy = answered.promise;
    fake.drop(one);
    fake.write(one, { Content: "b" });
    await fake.until(() => fake.callsOf("GetTranscript").length === 2);
    fake.say(one, "c");
    expect(admitted).toHaveLength(1);
    answered.resolve();
    expect(await texts(3)).toEqual(["a", "b", "c"]);
  });

  it("is caught up with page by page, from before the last item heard", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, asked } = world;
    const one = await chat();
    fake.misbehave.pageSize = 2;
    start();
    await listening(one);
    const first = fake.say(one, "0");
    await texts(1);
    fake.drop(one);
    for (const text of ["1", "2", "3", "4"]) fake.write(one, { Content: text });
    expect(await texts(5)).toEqual(["0", "1", "2", "3", "4"]);
    const { StartPosition, ScanDirection } = fake.callsOf("GetTranscript").at(1)?.body ?? {};
    expect(ScanDirection).toBe("FORWARD");
    const { AbsoluteTime } = StartPosition as { AbsoluteTime: string };
    expect(AbsoluteTime < first.AbsoluteTime).toBe(true);
    // What the transcript repeats is known by its id, and not even brought to the ingress.
    expect(asked()).toBe(5);
  });

  it("comes back whatever the close code", async () => {
    await using world = await holding({ speed: 50, heartbeatMs: 50 });
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    let pages = one.pagesRead;
    for (const code of [1000, 1001, 1011, 4000]) {
      fake.drop(one, code);
      pages += 1;
      await listening(one, pages);
    }
    fake.say(one, "still here");
    expect(await texts(1)).toEqual(["still here"]);
  });

  it("is noticed when it does not answer heartbeats any more", async () => {
    await using world = await holding({ heartbeatMs: 50 });
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    fake.misbehave.deaf = true;
    await fake.until(() => fake.callsOf("CreateParticipantConnection").length > 1);
    fake.misbehave.deaf = false;
    await listening(one, 2);
    expect(holder.stats().heartbeatsMissed).toBeGreaterThan(0);
    fake.say(one, "hello again");
    expect(await texts(1)).toEqual(["hello again"]);
  });

  it("is given up when the edge sends a frame without a topic", async () => {
    await using world = await holding();
    const { chat, start, listening } = world;
    const one = await chat();
    start();
    await listening(one);
    for (const socket of one.sockets) socket.send('{"message":"Forbidden","connectionId":"x"}');
    await listening(one, 2);
    expect(one.mostSockets).toBeLessThanOrEqual(2);
  });

  it("goes on with what it hears when transcripts stay refused", async () => {
    await using world = await holding();
    const { fake, chat, start, texts } = world;
    const one = await chat();
    const denied = {
      operation: "GetTranscript",
      error: "AccessDeniedException",
      times: 9,
    } as const;
    fake.misbehave.errors.push({ ...denied });
    const holder = start();
    await fake.until(() => fake.callsOf("GetTranscript").length === 4);
    await fake.until(() => one.sockets.size === 1);
    fake.say(one, "loud and clear");
    expect(await texts(1)).toEqual(["loud and clear"]);
    expect(holder.stats().transcriptsRefused).toBe(4);
  });

  it("reads the whole transcript when the place to start from is not liked", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    fake.say(one, "a");
    await texts(1);
    fake.misbehave.errors.push({
      operation: "GetTranscript",
      error: "ValidationException",
      times: 1,
    });
    fake.drop(one);
    fake.write(one, { Content: "b" });
    expect(await texts(2)).toEqual(["a", "b"]);
  });

  it("waits for a transcript that is throttled", async () => {
    await using world = await holding();
    const { fake, chat, start, texts } = world;
    const one = await chat();
    fake.write(one, { Content: "a" });
    fake.misbehave.errors.push(
      { operation: "GetTranscript", error: "ThrottlingException", times: 1 },
      { operation: "GetTranscript", error: "InternalServerException", times: 1 },
    );
    start();
    expect(await texts(1)).toEqual(["a"]);
  });
});

describe("a planned replacement", () => {
  it("leaves no gap and repeats nothing", async () => {
    await using world = await holding({ lifeMs: 3_000, heartbeatMs: 100 });
    const { fake, chat, start, listening, texts, asked } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    let said = 0;
    // Says something at every change of the sockets: before, while there are two, and after.
    const known = new Set<number>();
    await fake.until(() => {
      if (!known.has(one.sockets.size) || said % 7 === 0) fake.say(one, `${said++}`);
      known.add(one.sockets.size);
      return fake.callsOf("CreateParticipantConnection").length > 3;
    });
    const texted = await texts(said);
    expect(texted).toEqual(Array.from({ length: said }, (_, n) => `${n}`));
    expect(asked()).toBe(said);
    expect(one.mostSockets).toBe(2);
    expect(holder.stats()).toMatchObject({ lost: 0, transcripts: 1 });
    expect(holder.stats().rotated).toBeGreaterThan(0);
  });

  it("keeps the first socket when there is no second one to be had", async () => {
    await using world = await holding({ lifeMs: 1_000, heartbeatMs: 100 });
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    fake.misbehave.errors.push({
      operation: "CreateParticipantConnection",
      error: "AccessDeniedException",
      times: 1,
    });
    await fake.until(() => fake.callsOf("CreateParticipantConnection").length === 2);
    fake.say(one, "still here");
    expect(await texts(1)).toEqual(["still here"]);
    expect(holder.stats()).toMatchObject({ wanted: 1, endedWhileAway: 0 });
  });
});

describe("a chat that ended while nobody listened", () => {
  it("is read to its end with the credentials there are", async () => {
    await using world = await holding();
    const { fake, store, chat, start, listening, texts, admitted } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    await holder.stop();
    fake.write(one, { Content: "Are you there?" });
    const end = fake.end(one, { silently: true });
    const next = start();
    expect(await texts(2)).toEqual(["Are you there?", "chat.ended"]);
    expect(admitted[1]).toMatchObject({
      id: `ended:${one.contactId}`,
      draft: { data: { itemId: end.Id, reason: "ended" } },
    });
    await next.stop();
    expect(await contactBook(store).all()).toEqual([]);
  });

  it("ends all the same when its transcript is closed", async () => {
    await using world = await holding();
    const { fake, store, chat, start, texts, admitted } = world;
    const one = await chat();
    fake.end(one, { silently: true });
    const holder = start();
    expect(await texts(1)).toEqual(["chat.ended"]);
    expect(admitted[0]).toMatchObject({
      id: `ended:${one.contactId}`,
      draft: { data: { itemId: `ended:${one.contactId}`, reason: "ended-while-away" } },
    });
    await holder.stop();
    expect(await contactBook(store).all()).toEqual([]);
  });

  it("ends once, though a crash hid that the end was let in", async () => {
    await using world = await holding();
    const { fake, store, chat, start, listening, texts, admitted } = world;
    const one = await chat();
    const before = await store.keptUnder("");
    const holder = start();
    await listening(one);
    fake.end(one);
    await texts(1);
    await holder.stop();
    for (const { name, value } of before) await store.keep(name, value);
    const next = start();
    await fake.until(() => next.stats().wanted === 0 && next.stats().endedWhileAway === 1);
    expect(admitted).toHaveLength(1);
  });
});

describe("a crash", () => {
  it("between letting an item in and moving on in the book repeats nothing", async () => {
    await using world = await holding();
    const { fake, store, chat, start, listening, texts } = world;
    const one = await chat();
    const before = await store.keptUnder("");
    const holder = start();
    await listening(one);
    fake.say(one, "##QUEUE## state=WAITING position=1", { ParticipantRole: "SYSTEM" });
    fake.say(one, "a");
    await texts(2);
    await holder.stop();
    await store.forget(`contact-heard/${one.contactId}`);
    for (const { name, value } of before) await store.keep(name, value);
    fake.write(one, { Content: "b" });
    start();
    expect(await texts(3)).toEqual(["chat.queued", "a", "b"]);
  });

  it("of one of two holders of the same chat is nothing anybody hears", async () => {
    await using world = await holding();
    const { fake, chat, start, sockets, texts } = world;
    const one = await chat();
    const first = start();
    start();
    await sockets(one, 2);
    fake.say(one, "a");
    await texts(1);
    await first.stop();
    fake.say(one, "b");
    expect(await texts(2)).toEqual(["a", "b"]);
  });
});
