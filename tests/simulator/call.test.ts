import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { NUMBER, PHONE, standIn, stopAll } from "./stand-in.ts";

afterEach(stopAll);

describe("a call", () => {
  const functionThat = async (answer: (event: unknown) => { status: number; body: unknown }) => {
    const events: Record<string, never>[] = [];
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      events.push(JSON.parse(text));
      const { status, body } = answer(events.at(-1));
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return { url, events, close: () => server.close() };
  };
  const heard = ({ body }: { body: { steps: { action: string; text?: string }[] } }) =>
    body.steps.filter(({ action }) => action === "heard").map(({ text = "" }) => text);

  it("is offered a text after a long wait, by the function that the flow invokes", async () => {
    const { door } = await standIn();
    const optIn = await functionThat(() => ({
      status: 200,
      body: { offered: "true", reason: "mobile", smsNumber: NUMBER },
    }));
    await door("PUT", "/functions/opt-in", { url: optIn.url });
    const made = await door("POST", "/calls", {
      from: PHONE,
      queue: "claims",
      waitSeconds: 7_500,
      press: "1",
    });
    optIn.close();
    expect(made.body).toMatchObject({ offered: true, reason: "mobile", smsNumber: NUMBER });
    expect(heard(made).at(-1)).toContain(`sent you a text message from ${NUMBER}`);
    expect(made.body.steps.at(-1)).toEqual({ action: "queued", text: "claims" });
    expect(optIn.events).toMatchObject([
      {
        Name: "ContactFlowEvent",
        Details: {
          ContactData: {
            Channel: "VOICE",
            ContactId: made.body.contactId,
            CustomerEndpoint: { Address: PHONE, Type: "TELEPHONE_NUMBER" },
            SystemEndpoint: { Address: NUMBER, Type: "TELEPHONE_NUMBER" },
            Queue: { Name: "claims" },
          },
          Parameters: {
            queue: "claims",
            secondsWaited: "7500",
            estimatedWaitSeconds: "7500",
            language: "en-US",
            smsNumber: "",
          },
        },
      },
    ]);
  });

  it("stays in the queue when the wait is short, nothing is pressed, or nothing answers", async () => {
    const { door } = await standIn();
    const short = await door("POST", "/calls", { from: PHONE, waitSeconds: 60, press: "1" });
    const silent = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000 });
    const broken = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000, press: 1 });
    for (const made of [short, silent, broken]) {
      expect(made.body.offered).toBe(false);
      expect(made.body.steps.at(-1)).toEqual({ action: "queued", text: "voice" });
    }
    expect(heard(broken).at(-1)).toContain("cannot send you a text message right now");
  });

  it("is told when its phone cannot be texted; a function that fails is tried again", async () => {
    const { door } = await standIn();
    let tries = 0;
    const optIn = await functionThat(() =>
      ++tries < 3
        ? { status: 500, body: {} }
        : { status: 200, body: { offered: "false", reason: "landline" } },
    );
    await door("PUT", "/functions/opt-in", { url: optIn.url });
    const made = await door("POST", "/calls", { from: PHONE, waitSeconds: 8_000, press: "1" });
    optIn.close();
    expect(tries).toBe(3);
    expect(made.body).toMatchObject({ offered: false, reason: "landline" });
    expect(heard(made).at(-1)).toContain("cannot send text messages to the phone");
  });
});
