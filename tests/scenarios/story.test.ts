import { describe, expect, it } from "vitest";
import { business, type Town, town } from "./town.ts";

const number = "+14255550182";

/** The whole story, told once; between the chapters may happen what the test wants. */
async function story(the: Town, between: () => Promise<unknown>) {
  const phone = the.phone(number);
  const maria = the.agent("Maria");
  await the.call(number);
  await phone.receives(/Acme: You asked to go on by text/);
  await between();

  await phone.texts("Yes!");
  await phone.receives(/You are number 1 in line/);
  await between();

  await phone.texts("when are you open?");
  await phone.receives(/We open at nine\./);
  await between();
  await phone.texts("what is the meaning of life?");
  await phone.receives(/I don't know that one/);
  await between();
  await phone.texts("WAIT");
  await phone.receives(/You are number 1 in line/);
  await between();

  await maria.is("available");
  await phone.receives(/Maria has joined/);
  await maria.sees(
    /^\[Before you joined, newest first\]\nCustomer: what is the mean.*\nBot: We open.*\nCustomer: when/,
  );
  await between();
  await maria.says("Hi, how can I help?");
  await phone.receives(/^Hi, how can I help\?$/);
  await between();
  await phone.texts("Stop by at 5? 👍");
  await maria.sees(/^Stop by at 5\? 👍$/);
  await maria.says("Done.");
  await phone.receives(/^Done\.$/);
  await between();

  await maria.is("offline");
  await maria.ends();
  await phone.receives(/This chat has ended/);
  await between();

  await phone.texts("are you open on Sunday?");
  await phone.receives(/We open at nine\./);
  await the.until("the new chat", async () =>
    (await the.contacts()).find(({ customer, state }) => customer === number && state === "queued"),
  );
  await between();

  await phone.texts("STOP");
  await phone.receives(/You are opted out/);
  await between();
  await phone.texts("anybody there?");
  await the.happens("message.classified", { text: "anybody there?", reason: "stopped" });
  await phone.texts("help");
  await phone.receives(/Acme support by text/);
  await between();
  await phone.texts("Start");
  await phone.receives(/You are opted back in/);
  await phone.texts("open again?");
  await phone.receives(/We open at nine\./);
}

/** What the agents' chats hold of the customer's own words, in order. */
async function heardByMaria(the: Town) {
  const desk = await the.agent("Maria").desk();
  return desk.flatMap(({ transcript }) =>
    transcript.filter(({ role }) => role === "CUSTOMER").map(({ text }) => text),
  );
}

describe("a customer who goes on by text", () => {
  it("is offered, waits with the bot, talks to an agent, leaves and comes back", async () => {
    const the = await town();
    await story(the, async () => {});
    const inbox = await the.phone(number).inbox();
    expect(inbox.filter((text) => text.includes("##"))).toEqual([]);
    expect(new Set(await heardByMaria(the)).size).toBe((await heardByMaria(the)).length);
    await the.until("the chat to close that STOP left", async () => {
      const open = (await the.contacts()).filter(({ state }) => state !== "ended");
      return open.length === 1 ? true : undefined;
    });
    expect((await the.events()).filter(({ type }) => type === "event.dead-lettered")).toEqual([]);
  });

  it("notices nothing of a pipeline that is restarted between every two steps", async () => {
    const the = await town();
    await story(the, () => the.restart());
    const events = await the.events();
    expect(events.filter(({ type }) => type === "event.dead-lettered")).toEqual([]);
  }, 120_000);

  it("gets each text once though the carrier doubles, and reorders, what it tells", async () => {
    const the = await town();
    await the.faults({ duplicate: true, reorder: true });
    await story(the, async () => {});
    const inbox = await the.phone(number).inbox();
    expect(inbox.filter((text) => text === "Done.")).toHaveLength(1);
    expect((await heardByMaria(the)).filter((text) => /Stop by/.test(text))).toHaveLength(1);
  });

  it("notices nothing of sockets that drop and credentials that expire, and is nobody in the log", async () => {
    const the = await town();
    await story(the, () => the.faults({ dropSockets: true, expireTokens: true }));
    const all = await the.phone(number).all();
    expect(all.filter(({ text }) => text === "Done.")).toHaveLength(1);

    const said = all.map(({ text }) => text).filter((text) => text.length > 6);
    const log = the.lines.join("\n");
    expect(the.lines.length).toBeGreaterThan(50);
    for (const secret of [number.slice(1), business.slice(1), ...said])
      expect(log.includes(secret), `the log holds ${JSON.stringify(secret)}`).toBe(false);
  });
});
