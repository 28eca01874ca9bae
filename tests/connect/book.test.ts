import { describe, expect, it } from "vitest";
import { contactBook } from "../../packages/connect/book.ts";
import { keptValues } from "../support/kept-values.ts";

const contact = { contactId: "k-1", conversationId: "c-1", participantToken: "secret" };
const heard = {
  lastItemId: "i-1",
  lastItemAt: "2026-01-01T00:00:00.000Z",
  queued: true,
  withAgent: false,
};
const credentials = { connectionToken: "token", expires: "2026-01-02T00:00:00.000Z" };

describe("the contact book", () => {
  it("remembers a contact over a restart", async () => {
    const store = keptValues();
    await contactBook(store).open(contact);
    await contactBook(store).entrust("k-1", credentials);
    await contactBook(store).advance("k-1", heard);
    const book = contactBook(store);
    expect(await book.of("k-1")).toEqual(contact);
    expect(await book.credentials("k-1")).toEqual(credentials);
    expect(await book.heard("k-1")).toEqual(heard);
  });

  it("lists open contacts without their secrets", async () => {
    const store = keptValues();
    const book = contactBook(store);
    await book.open(contact);
    await book.advance("k-1", heard);
    await book.open({ ...contact, contactId: "k-2" });
    expect(await book.all()).toEqual([
      { contactId: "k-1", conversationId: "c-1", heardBy: "socket", ...heard },
      {
        contactId: "k-2",
        conversationId: "c-1",
        heardBy: "socket",
        lastItemId: null,
        lastItemAt: null,
        queued: false,
        withAgent: false,
      },
    ]);
  });

  it("keeps how far a contact was heard when it is opened again", async () => {
    const book = contactBook(keptValues());
    await book.open(contact);
    await book.advance("k-1", heard);
    await book.open(contact);
    expect(await book.heard("k-1")).toEqual(heard);
  });

  it("forgets everything of a contact that ended", async () => {
    const store = keptValues();
    const book = contactBook(store);
    await book.open(contact);
    await book.entrust("k-1", credentials);
    await book.advance("k-1", heard);
    await book.end("k-1");
    expect(await book.of("k-1")).toBeUndefined();
    expect(await book.credentials("k-1")).toBeUndefined();
    expect(await store.keptUnder("")).toEqual([]);
  });

  it("still knows whose a contact was that was streamed, and nothing else of it", async () => {
    const store = keptValues();
    const book = contactBook(store);
    await book.open({ ...contact, heardBy: "both" });
    expect(await book.conversationOfOver("k-1")).toBeUndefined();
    await book.end("k-1");
    expect(await book.conversationOfOver("k-1")).toBe("c-1");
    expect(await store.keptUnder("contact/")).toEqual([]);
  });

  it("serves more contacts than it remembers", async () => {
    const book = contactBook(keptValues(), { remembered: 2 });
    for (const n of [1, 2, 3, 4]) await book.open({ ...contact, contactId: `k-${n}` });
    expect(await book.of("k-1")).toMatchObject({ contactId: "k-1" });
    expect(await book.all()).toHaveLength(4);
  });
});
