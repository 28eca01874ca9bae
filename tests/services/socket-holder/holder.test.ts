import { describe, expect, it } from "vitest";
import { contactBook } from "../../../packages/connect/book.ts";
import { soleLease } from "../../../services/socket-holder/lease.ts";
import { holding } from "../../support/holding.ts";

describe("a socket holder", () => {
  it("publishes what is said, as producer connect, under the ids of Connect", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, admitted } = world;
    const one = await chat();
    start();
    await listening(one);
    const item = fake.say(one, "Hello");
    expect(await texts(1)).toEqual(["Hello"]);
    expect(admitted[0]).toMatchObject({
      id: item.Id,
      draft: { type: "chat.said", key: `c-${one.contactId}`, data: { contactId: one.contactId } },
    });
  });

  it("opens a socket for a contact it is woken about", async () => {
    await using world = await holding();
    const { chat, start, listening } = world;
    const holder = start();
    const one = await chat();
    holder.wake("contact-opened", one.contactId);
    await listening(one);
    expect(holder.stats()).toMatchObject({ wanted: 1, open: 1, connecting: 0, waiting: 0 });
  });

  it("finds contacts by itself when nobody wakes it", async () => {
    await using world = await holding({ lookEveryMs: 100 });
    const { chat, start, listening } = world;
    start();
    await listening(await chat());
  });

  it("reads what was said before it listened", async () => {
    await using world = await holding();
    const { fake, chat, start, texts } = world;
    const one = await chat();
    fake.write(one, { Content: "Welcome", ParticipantRole: "SYSTEM" });
    start();
    expect(await texts(1)).toEqual(["Welcome"]);
  });

  it("holds back what came too early, so that it comes in order", async () => {
    await using world = await holding({ holdBackMs: 100 });
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    const [a, b, c] = ["a", "b", "c"].map((Content) => fake.write(one, { Content }));
    for (const item of [c, a, b]) if (item) fake.push(one, item);
    expect(await texts(3)).toEqual(["a", "b", "c"]);
  });

  it("orders items of the same millisecond by id", async () => {
    await using world = await holding({ holdBackMs: 100 });
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    const AbsoluteTime = "2026-11-22T20:00:00.000Z";
    for (const Id of ["z-2", "z-1"]) fake.say(one, Id, { Id, AbsoluteTime });
    expect(await texts(2)).toEqual(["z-1", "z-2"]);
  });

  it("lets in what comes too late for its place", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    const early = fake.write(one, { Content: "early" });
    fake.say(one, "later");
    await texts(1);
    fake.push(one, early);
    expect(await texts(2)).toEqual(["later", "early"]);
    expect(holder.stats().late).toBe(1);
  });

  it("lets repeated items in once", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, asked } = world;
    const one = await chat();
    fake.misbehave.copies = 3;
    start();
    await listening(one);
    fake.say(one, "a");
    fake.say(one, "b");
    expect(await texts(2)).toEqual(["a", "b"]);
    expect(asked()).toBe(2);
  });

  it("does not take the completed text of a bot for a repetition of its chunks", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    const chunk = { Id: "bot-1", ParticipantRole: "SYSTEM" };
    fake.say(one, "Your ord", { ...chunk, MessageMetadata: { MessageCompleted: false } });
    fake.say(one, "Your order.", { ...chunk, MessageMetadata: { MessageCompleted: true } });
    expect(await texts(1)).toEqual(["Your order."]);
  });

  it("tells the first marker from later ones, also after a restart", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    const marker = (n: number) =>
      fake.say(one, `##QUEUE## state=WAITING position=${n}`, { ParticipantRole: "SYSTEM" });
    const holder = start();
    await listening(one);
    fake.say(one, "##QUEUE## nonsense", { ParticipantRole: "SYSTEM" });
    marker(3);
    marker(2);
    expect(await texts(2)).toEqual(["chat.queued", "chat.moved"]);
    expect(holder.stats().oddMarkers).toBe(1);
    await holder.stop();
    start();
    await listening(one);
    marker(1);
    expect(await texts(3)).toEqual(["chat.queued", "chat.moved", "chat.moved"]);
  });

  it("forgets a chat that ended, after its end was let in", async () => {
    await using world = await holding();
    const { fake, chat, start, store, listening, texts } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    fake.say(one, "Bye");
    fake.end(one);
    expect(await texts(2)).toEqual(["Bye", "chat.ended"]);
    await fake.until(() => fake.openSockets() === 0);
    expect(await contactBook(store).all()).toEqual([]);
    expect(await store.keptUnder("")).toEqual([]);
    expect(holder.stats()).toMatchObject({ wanted: 0, open: 0 });
  });

  it("does not come back to a chat whose socket was closed after its end", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    fake.end(one);
    for (const socket of one.sockets) socket.close(1000);
    expect(await texts(1)).toEqual(["chat.ended"]);
    await fake.until(() => holder.stats().wanted === 0);
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(1);
  });

  it("goes on in order, skipping nothing, when the store was away", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, refuse } = world;
    const one = await chat();
    const holder = start();
    await listening(one);
    refuse.next = 3;
    for (const text of ["a", "b", "c"]) fake.say(one, text);
    expect(await texts(3)).toEqual(["a", "b", "c"]);
    expect(holder.stats().admissionsRetried).toBe(3);
  });

  it("is not stopped by what it cannot read", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts } = world;
    const one = await chat();
    start();
    await listening(one);
    for (const socket of one.sockets)
      for (const frame of ["", "{", "null", '{"topic":"aws/chat","content":"{}"}'])
        socket.send(frame);
    fake.say(one, "odd", { AbsoluteTime: "half past nine" });
    fake.say(one, "fine");
    expect(await texts(1)).toEqual(["fine"]);
  });

  it("lets everything in that it heard, says good-bye and leaves when it is stopped", async () => {
    await using world = await holding({ holdBackMs: 60_000 });
    const { fake, chat, start, listening, admitted } = world;
    const chats = await Promise.all([chat(), chat()]);
    const holder = start();
    for (const one of chats) await listening(one);
    const codes: number[] = [];
    for (const one of chats)
      for (const socket of one.sockets) socket.on("close", (code) => codes.push(code));
    for (const one of chats) for (const text of ["a", "b"]) fake.say(one, text);
    await holder.stop();
    expect(admitted).toHaveLength(4);
    await fake.until(() => fake.openSockets() === 0);
    expect(codes).toEqual([1000, 1000]);
  });

  it("holds only what its lease says, and lets go of what it loses", async () => {
    const mine = new Set<string>();
    const released: string[] = [];
    const lease = {
      ...soleLease,
      holds: async (contactId: string) => mine.has(contactId),
      release: async (contactId: string) => {
        released.push(contactId);
      },
    };
    await using world = await holding({ lease });
    const { chat, start, listening, sockets } = world;
    const [one, two] = [await chat(), await chat()];
    mine.add(one.contactId);
    const holder = start();
    await listening(one);
    expect(two.sockets.size).toBe(0);
    mine.delete(one.contactId);
    mine.add(two.contactId);
    holder.wake("lease-lost", one.contactId);
    holder.wake("lease-gained", two.contactId);
    await listening(two);
    await sockets(one, 0);
    expect(released).toEqual([]);
    await holder.stop();
    expect(released).toEqual([two.contactId]);
  });

  it("writes no text, token or address into its log", async () => {
    await using world = await holding();
    const { fake, chat, start, listening, texts, lines, refuse } = world;
    const one = await chat();
    start();
    await listening(one);
    refuse.next = 1;
    fake.say(one, "a secret");
    await texts(1);
    fake.drop(one);
    await listening(one, 2);
    const log = lines.join("\n");
    expect(log).toContain("socket lost");
    expect(log).not.toMatch(/secret|participant-|socket-\d|connection-\d|ws:/);
  });
});
