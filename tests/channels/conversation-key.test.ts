import { conversationKey, digestKey, normalAddress } from "@holdline/channels";
import { describe, expect, it } from "vitest";

const secret = "a secret of more than sixteen bytes";
const key = (...[channel, business, customer]: [string, string, string]) =>
  conversationKey(secret, channel, business, customer);

describe("conversation keys", () => {
  it("are the same for one conversation however its numbers are spelled", () => {
    const one = key("sms-aws", "+12065550100", "+14255550182");
    expect(one).toMatch(/^c_[a-z2-7]{32}$/);
    expect(key("sms-aws", "12065550100", "+1 (425) 555-0182")).toBe(one);
    expect(conversationKey(Buffer.from(secret), "sms-aws", "+12065550100", "+14255550182")).toBe(
      one,
    );
    // Kept for good in stores and histories: a change of this value loses every STOP.
    expect(one).toBe("c_vfh7hj6txlzfzz2pbd6cc746bknljhlb");
  });

  it("differ when anything differs, and with the secret", () => {
    const keys = [
      key("sms-aws", "+12065550100", "+14255550182"),
      key("sms-aws", "+14255550182", "+12065550100"),
      key("sms-aws", "+12065550101", "+14255550182"),
      key("whatsapp", "+12065550100", "+14255550182"),
      conversationKey(`${secret}!`, "sms-aws", "+12065550100", "+14255550182"),
      // Joined by hand, these two would be one.
      key("facebook", "a b", "c"),
      key("facebook", "a", "b c"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("are not made with a secret that can be guessed", () => {
    expect(() => conversationKey("short", "sms-aws", "1", "2")).toThrow("openssl rand -hex 32");
  });

  it("name an unreadable body by its digest", () => {
    expect(digestKey("{broken")).toMatch(/^u_[a-z2-7]{32}$/);
    expect(digestKey("{broken")).toBe(digestKey("{broken"));
    expect(digestKey("{broken")).not.toBe(digestKey("{broken "));
  });
});

describe("addresses", () => {
  it.each([
    ["+12065550100", "+12065550100"],
    ["12065550100", "+12065550100"],
    ["+44 20 7946 0000", "+442079460000"],
    ["20655", "20655"],
    ["1234567890123456", "1234567890123456"],
    ["page:778", "page:778"],
  ])("%s is %s", (address, normal) => {
    expect(normalAddress(address)).toBe(normal);
  });
});
