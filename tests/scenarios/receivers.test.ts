import { describe, expect, it } from "vitest";
import { type Town, town } from "./town.ts";

/** Goes on by text with an agent. */
async function begin(the: Town, number: string, agent: string) {
  const phone = the.phone(number);
  await the.call(number);
  await phone.receives(/go on by text/);
  await phone.texts("YES");
  await phone.receives(/number \d+ in line/);
  await the.agent(agent).is("available");
  await phone.receives(/has joined/);
  return phone;
}

const socketsOf = async (the: Town, number: string) =>
  (await the.contacts()).find(({ customer, state }) => customer === number && state !== "ended")
    ?.openSockets;

describe("chats heard by message streaming", () => {
  it("are as good as those with a socket, and have none", async () => {
    const the = await town({ receiver: "streaming" });
    await the.faults({ duplicate: true, reorder: true });
    const phone = await begin(the, "+14255550182", "Maria");
    const maria = the.agent("Maria");
    expect(await socketsOf(the, phone.number)).toBe(0);
    await maria.says("Hi, how can I help?");
    await phone.receives(/^Hi, how can I help\?$/);
    await phone.texts("My address has changed");
    await maria.sees(/^My address has changed$/);
    for (const n of [1, 2, 3, 4, 5]) await maria.says(`line ${n}`);
    for (const n of [1, 2, 3, 4, 5]) await phone.receives(new RegExp(`^line ${n}$`));
    await maria.is("offline");
    await maria.ends();
    await phone.receives(/This chat has ended/);
  }, 60_000);

  it("are heard once with a socket beside it", async () => {
    const the = await town({ receiver: "both" });
    await the.faults({ duplicate: true });
    const phone = await begin(the, "+14255550183", "Maria");
    const maria = the.agent("Maria");
    await the.until("the socket", async () =>
      (await socketsOf(the, phone.number)) === 1 ? true : undefined,
    );
    for (const n of [1, 2, 3]) await maria.says(`line ${n}`);
    for (const n of [1, 2, 3]) await phone.receives(new RegExp(`^line ${n}$`));
    await maria.is("offline");
    await maria.ends();
    await phone.receives(/This chat has ended/);
    const said = (await the.events()).filter(({ type }) => type === "chat.said");
    expect(said).toHaveLength(3);
  }, 60_000);

  it("take turns with sockets on a living system, in both directions, and nothing is lost", async () => {
    const the = await town();
    const phone = await begin(the, "+14255550184", "Maria");
    const maria = the.agent("Maria");
    await maria.says("before");
    await phone.receives(/^before$/);

    await maria.is("offline");
    await the.restart({ receiver: "streaming" });
    await maria.says("the chat that was open keeps its socket");
    await phone.receives(/^the chat that was open keeps its socket$/);
    const other = await begin(the, "+14255550185", "Noor");
    const noor = the.agent("Noor");
    expect(await socketsOf(the, other.number)).toBe(0);
    await noor.says("streamed");
    await other.receives(/^streamed$/);

    await the.restart({ receiver: "socket" });
    await noor.says("still streamed");
    await other.receives(/^still streamed$/);
    expect(await socketsOf(the, other.number)).toBe(0);
    await maria.says("still here");
    await phone.receives(/^still here$/);
  }, 90_000);
});
