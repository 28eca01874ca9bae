import { eumCases, receiptPlace, smsAws, textPlace } from "@holdline/channels";
import { describe, expect, it } from "vitest";

const client = { region: "us-west-2" };

describe("settings", () => {
  it.each([
    [{ client, via: "pinpoint" }, /`applicationId`: .*set the id of your Pinpoint project/],
    [{ client, via: "twilio" }, /`via`: .*set it to "eum"/],
    [{ client: {} }, /`client.region`: .*at least `region`/],
    [{ client, requestTimeoutMs: 1 }, /`requestTimeoutMs`: .*from 100 to 60000/],
    [{ client, timeToLiveSeconds: 1 }, /`timeToLiveSeconds`: .*5 to 259200/],
    [{ client, maxSegments: 0 }, /`maxSegments`: .*1 to 24/],
    [{ client, configurationSet: "a b" }, /`configurationSet`: .*name or ARN/],
  ])("names the wrong one and how to mend it: %j", (options, message) => {
    expect(() => smsAws(options as Parameters<typeof smsAws>[0])).toThrow(message);
  });

  it("cuts replies to the segments it is told", () => {
    const short = smsAws({ client, maxSegments: 1 });
    for (const part of short.fit("word ".repeat(100))) expect(short.segments(part)).toBe(1);
    expect(smsAws({ client }).fit("word ".repeat(100))).toHaveLength(1);
  });

  it("does not let typography make a reply dear", () => {
    expect(smsAws({ client }).fit("It’s here — “now”")).toEqual([`It's here - "now"`]);
  });

  it("takes a name of its own", () => {
    expect(smsAws({ client, name: "sms-eu" }).name).toBe("sms-eu");
  });
});

describe("places", () => {
  it("puts both directions' copies of one pair on one line, at SNS's time", () => {
    const [wrapped, raw] = eumCases.texts.map((one) => textPlace(one.raw));
    expect(wrapped?.line).toBe("+12065550100 +14255550182");
    expect(wrapped?.at).toBe(Date.parse("2026-11-22T19:15:59.900Z"));
    expect(raw).toEqual({ line: wrapped?.line, at: undefined });
  });

  it("puts the receipts of one text on one line", () => {
    expect(receiptPlace(eumCases.receipts[0]?.raw ?? "")?.line).toBe(
      "862a8790-60c0-4430-9b2b-658bd0000002",
    );
  });

  it("has none for what cannot be read", () => {
    for (const { raw } of eumCases.unreadable) expect(textPlace(raw)).toBeUndefined();
  });
});
