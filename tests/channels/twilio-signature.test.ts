import { describe, expect, it } from "vitest";
import { isSigned, signatureOf } from "../../packages/channels/sms-twilio/signature.ts";

/** The requests that Twilio's documentation signs, and the signatures it gives ("Validating requests"). */
const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
const form = (number: string) =>
  new URLSearchParams({
    ...{ To: "+18005551212", Digits: "1234", From: number, Caller: number },
    CallSid: "CA1234567890ABCDE",
  });

describe("the signature of a request", () => {
  it.each([
    ["+14158675310", "GvWf1cFY/Q7PnoempGyD5oXAezc="],
    ["+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
  ])("is the one that Twilio gives for a call from %s", (number, signature) => {
    expect(signatureOf("12345", url, form(number))).toBe(signature);
    expect(isSigned("12345", signature, url, form(number))).toBe(true);
  });

  it("is of one URL, one form and one token alone", () => {
    const signature = "GvWf1cFY/Q7PnoempGyD5oXAezc=";
    const isOf = (token: string, at: string, number: string) =>
      isSigned(token, signature, at, form(number));
    expect(isOf("12346", url, "+14158675310")).toBe(false);
    expect(isOf("12345", `${url}3`, "+14158675310")).toBe(false);
    expect(isOf("12345", url.replace("https", "http"), "+14158675310")).toBe(false);
    expect(isOf("12345", url, "+14158675311")).toBe(false);
    expect(isSigned("12345", "", url, form("+14158675310"))).toBe(false);
  });
});
