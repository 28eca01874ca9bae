import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { business, customer } from "../../support/conversation.ts";
import { anyValue, spoilt } from "../../support/malformed.ts";
import { desk, flowEvent } from "../ops/desk.ts";

const path = "/functions/opt-in";

describe("the opt-in function", () => {
  it("says that an offer was made, once per call however often the flow asks", async () => {
    const { post, log } = await desk();
    const answer = { offered: "true", reason: "", smsNumber: business };
    expect(await post(path, flowEvent())).toEqual({ status: 200, body: answer });
    expect(await post(path, flowEvent())).toEqual({ status: 200, body: answer });
    const events = log.read(1, 10).map(({ event }) => event);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      ...{ type: "offer.made", position: { seq: 0 } },
      data: {
        ...{ business, customer, voiceContactId: "v-1", queue: "sms" },
        ...{ secondsWaited: 7_500, estimatedWaitSeconds: 9_000, language: "en-US" },
      },
    });
  });

  it.each([
    ["an anonymous caller", { contact: { CustomerEndpoint: null } }, "not-a-phone-number"],
    [
      "a caller by SIP",
      { contact: { CustomerEndpoint: { Address: "sip:a@b" } } },
      "not-a-phone-number",
    ],
    ["a number of somebody else", { parameters: { smsNumber: "+12065550999" } }, "not-our-number"],
  ])("answers the flow that it cannot text %s", async (_, given, reason) => {
    const { post, log } = await desk();
    const { status, body } = await post(path, flowEvent(given));
    expect(status).toBe(200);
    expect(body).toMatchObject({ offered: "false", reason });
    expect(log.read(1, 10)).toEqual([]);
  });

  it("takes a number that is none for no wait", async () => {
    const { post, log } = await desk();
    const parameters = { secondsWaited: "soon", estimatedWaitSeconds: "-5" };
    expect((await post(path, flowEvent({ parameters }))).status).toBe(200);
    expect(log.read(1, 1)[0]?.event.data).toMatchObject({
      ...{ secondsWaited: 0, estimatedWaitSeconds: 0 },
    });
  });

  it.each([
    ["nothing", undefined],
    ["no JSON", "{"],
    ["not UTF-8", new Uint8Array([0xff, 0xfe, 0x00])],
    ["another event", { Name: "OtherEvent" }],
    ["a list", []],
    ["a language that is none", flowEvent({ parameters: { language: "x" } })],
  ])("refuses %s with words that say why", async (_, body) => {
    const { post } = await desk();
    const { status, body: said } = await post(path, body);
    expect(status).toBe(400);
    expect(said.error).toMatch(/not an event of opt-in|not JSON/);
  });

  it("refuses a body of 2 MB, and hears the next call", async () => {
    const { post } = await desk();
    const { status, body } = await post(path, "x".repeat(2_000_000));
    expect(status).toBe(413);
    expect(body.error).toContain("262144 bytes");
    expect((await post(path, flowEvent())).status).toBe(200);
  });

  it("answers or refuses whatever comes, and offers to nobody it was not asked to", async () => {
    const { post, log } = await desk();
    const details = flowEvent().Details;
    const odd = fc.oneof(
      spoilt(flowEvent()),
      spoilt(details.ContactData).map((data) => wrapped(data, details.Parameters)),
      spoilt(details.Parameters).map((parameters) => wrapped(details.ContactData, parameters)),
      anyValue.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(odd, async (body) => {
        const { status, body: said } = await post(path, body);
        expect([200, 400]).toContain(status);
        if (status === 400) expect(said.error).toEqual(expect.any(String));
        else expect(Object.values(said).every((value) => typeof value === "string")).toBe(true);
      }),
      { numRuns: 250 },
    );
    for (const { event } of log.read(1, 500)) expect(event.data).toMatchObject({ business });
    expect((await post(path, flowEvent({ contact: { ContactId: "v-9" } }))).body.offered).toBe(
      "true",
    );
  });
});

/** A flow's event of parts that may be broken JSON themselves. */
const wrapped = (contact: string | object, parameters: string | object) => {
  const text = (part: string | object) => (typeof part === "string" ? part : JSON.stringify(part));
  return `{"Name":"ContactFlowEvent","Details":{"ContactData":${text(contact)},"Parameters":${text(parameters)}}}`;
};
