import { describe, expect, it } from "vitest";
import { business, town } from "./town.ts";

const number = "+14255550182";
const other = "+12065550101";

/** A customer in line by text. */
async function inLine(the: Awaited<ReturnType<typeof town>>) {
  const phone = the.phone(number);
  await the.call(number);
  await phone.receives(/go on by text/);
  await phone.texts("YES");
  await phone.receives(/in line/);
  return phone;
}

describe("a business with two numbers", () => {
  it("keeps their consents, chats and wordings apart for the same customer", async () => {
    const numbers = [
      { address: business, flow: "sms-chat" },
      {
        ...{ address: other, flow: "sms-chat", language: "es-US" },
        wording: { help: "Ventas. STOP para no recibir más." },
      },
    ];
    const the = await town(
      { numbers },
      { numbers: [business, other].map((address) => ({ address, partsPerSecond: 10 })) },
    );
    const phone = the.phone(number);
    await phone.texts("hello");
    await phone.receives(/Reply YES to start/);
    await phone.texts("hola", other);
    await phone.receives(/Responda SI para empezar/);
    await phone.texts("sí", other);
    await phone.receivesBoth(/número 1 de la cola/, /eso no lo sé/);
    await phone.texts("STOP");
    await phone.receives(/^You are opted out/);
    await phone.texts("cuando abre?", other);
    await phone.receives(/^We open at nine/);
    await phone.texts("ayuda", other);
    await phone.receives(/^Ventas/);
    const from = (await phone.all()).filter(({ direction }) => direction === "in");
    expect(from.map(({ number: sender }) => sender)).toEqual([
      ...[business, other, other, other, business, other, other],
    ]);
    const keys = new Set((await the.events()).map(({ key }) => key));
    expect(keys.size).toBe(2);
  });
});

describe("a queue", () => {
  it("that is closed is said so, and the next text starts over", async () => {
    const the = await town();
    await the.ask("PUT", "/_sim/queues/sms", { hours: "closed" });
    const phone = the.phone(number);
    await the.call(number);
    await phone.receives(/go on by text/);
    await phone.texts("YES");
    await phone.receives(/Our agents are away/);
    await the.happens("chat.ended");
    await the.ask("PUT", "/_sim/queues/sms", { hours: "open" });
    await phone.texts("are you open now?");
    await phone.receives(/We open at nine/);
    await the.until("a chat in line", async () =>
      (await the.contacts()).find(({ state }) => state === "queued"),
    );
  });

  it("that is full is said so", async () => {
    const the = await town();
    await the.ask("PUT", "/_sim/queues/sms", { capacity: 0 });
    const phone = the.phone(number);
    await the.call(number);
    await phone.receives(/go on by text/);
    await phone.texts("YES");
    await phone.receives(/our line is full/);
  });
});

describe("an agent", () => {
  it("is passed over to another, who sees what was said between", async () => {
    const the = await town();
    const phone = await inLine(the);
    const maria = the.agent("Maria");
    const ben = the.agent("Ben");
    await maria.is("available");
    await phone.receives(/Maria has joined/);
    await the.ask("PUT", "/_sim/queues/second", {});
    await maria.is("offline");
    const { contactId } = await maria.current();
    await the.ask("POST", `/_sim/contacts/${contactId}/transfer`, { queue: "second" });
    await phone.receives(/passed on to another agent/);
    await phone.texts("I already said: my card is lost");
    await phone.receives(/I don't know/);
    await ben.is("available");
    await phone.receives(/Ben has joined/);
    await ben.sees(/Before you joined.*\nCustomer: I already said: my card is lost$/);
    await phone.texts("hello Ben");
    await ben.sees(/^hello Ben$/);
  });

  it("gets a text again in a new chat when the chat ended under it", async () => {
    const the = await town();
    const phone = await inLine(the);
    const maria = the.agent("Maria");
    await maria.is("available");
    await phone.receives(/Maria has joined/);
    // The end is heard late, as when the socket is down: the text is on its way into a chat that is over.
    await the.faults({
      fail: { operation: "SendMessage", error: "AccessDeniedException", times: 2 },
    });
    await phone.texts("one more thing");
    await phone.receives(/That chat had just ended/);
    await the.noFaults();
    await phone.receives(/Maria has joined/);
    await the.until("the text in the new chat", async () =>
      (await maria.desk()).find(({ transcript }) =>
        transcript.some(({ text }) => text === "one more thing"),
      ),
    );
  });

  it("writes at length, and the phone gets it in numbered parts, in order", async () => {
    const the = await town({ limits: { maxSegments: 2 } });
    const phone = await inLine(the);
    await the.agent("Maria").is("available");
    await phone.receives(/Maria has joined/);
    await the
      .agent("Maria")
      .says(`Dear customer, ${"your card will come by post. ".repeat(30)}Bye.`);
    const first = await phone.receives(/^\(1\/\d\) Dear customer/);
    const parts = Number(/\/(\d)/.exec(first)?.[1]);
    for (let part = 2; part <= parts; part++)
      await phone.receives(new RegExp(`^\\(${part}/${parts}\\)`));
    await the.happens("reply.sent", { speaker: "agent" });
  });

  it("reads a long text whole, and none of it twice", async () => {
    const the = await town();
    const phone = await inLine(the);
    await the.agent("Maria").is("available");
    await phone.receives(/Maria has joined/);
    const words = Array.from({ length: 300 }, (_, n) => `w${n}`);
    await phone.texts(words.join(" "));
    await the.agent("Maria").sees(/w299$/);
    const [chat] = await the.agent("Maria").desk();
    const read = chat?.transcript.filter(
      ({ role, text }) => role === "CUSTOMER" && /^w\d/.test(text),
    );
    expect(
      read
        ?.map(({ text }) => text)
        .join(" ")
        .split(" "),
    ).toEqual(words);
  });
});

describe("a customer who never called", () => {
  it("is greeted once, and what they wrote reaches bot and agent after YES", async () => {
    const the = await town();
    const phone = the.phone(number);
    await phone.texts("are you open today?");
    await phone.receives(/Hi, this is Acme.*Reply YES/);
    await phone.texts("my card is lost");
    await phone.texts("yes please");
    await phone.receivesBoth(/number 1 in line/, /We open at nine/, /I don't know/);
    await the.happens("message.classified", { text: "my card is lost", route: "bot" });
    await the.agent("Maria").is("available");
    await the.agent("Maria").sees(/^are you open today\?\nmy card is lost$/);
    const greetings = (await phone.inbox()).filter((text) => text.includes("Reply YES"));
    expect(greetings).toHaveLength(1);
  });
});
