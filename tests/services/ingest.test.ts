import { eumCases, smsAws } from "@holdline/channels";
import { InboundArrived, MessageReceived } from "@holdline/events";
import { describe, expect, it } from "vitest";
import { ingest } from "../../services/ingest.ts";
import { about, sentAt } from "../support/conversation.ts";
import { knowing } from "../support/settings.ts";
import { told } from "../support/told.ts";

const channel = () => smsAws({ client: { region: "us-west-2" } });
const arrived = (raw: string) =>
  InboundArrived({
    ...{ conversationId: "c-1", channel: "sms-aws", raw, carrierId: "t-1" },
    ...{ carrierTime: sentAt, arrivedAt: "2026-01-01T12:00:00.000Z" },
  });
const body = (given: object = {}) =>
  JSON.stringify({
    ...{ originationNumber: about.customer, destinationNumber: about.business },
    ...{ messageBody: "Stop by at 5? 👍", inboundMessageId: "t-1", ...given },
  });
const tell = (raw: string) => told(ingest, { ...knowing(), channel }, arrived(raw));

describe("ingest", () => {
  it("reads a carrier's body as a customer's text, sent when the carrier says", async () => {
    const { said } = await tell(body());
    expect(said).toEqual([
      MessageReceived({
        ...{ ...about, messageId: "t-1", text: "Stop by at 5? 👍", sentAt, attachments: [] },
      }),
    ]);
  });

  it("reads a text without words", async () => {
    expect((await tell(body({ messageBody: "" }))).said).toMatchObject([{ data: { text: "" } }]);
  });

  it("puts a text to a number that is not ours aside for a person", async () => {
    await expect(tell(body({ destinationNumber: "+12065550999" }))).rejects.toThrow(
      "not-our-number",
    );
  });

  it.each(eumCases.unreadable)(
    "puts what it can't read aside for a person: $name",
    async ({ raw }) => {
      await expect(tell(raw)).rejects.toThrow("unreadable");
    },
  );
});
