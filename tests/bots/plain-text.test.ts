import { describe, expect, it } from "vitest";
import { cardText, messageText, withoutSsml } from "../../packages/bots/plain-text.ts";

describe("a bot's words on a phone", () => {
  it.each([
    ["<speak>Hi</speak>", "Hi"],
    ['<speak><say-as interpret-as="digits">42</say-as> is it</speak>', "42 is it"],
    ["<speak><p>One.</p><p>Two.</p></speak>", "One. Two."],
    ["<speak>5 &lt; 6 &nbsp;</speak>", "5 < 6 &nbsp;"],
  ])("reads %s", (ssml, text) => {
    expect(withoutSsml(ssml)).toBe(text);
  });

  it("knows SSML by its first tag even when it is called plain", () => {
    expect(messageText("PlainText", "<speak>Hi</speak>")).toBe("Hi");
  });

  it("leaves plain text alone, angle brackets too", () => {
    expect(messageText("PlainText", "if a < b > c")).toBe("if a < b > c");
  });

  it("lets a custom payload through when it is words", () => {
    expect(messageText("CustomPayload", "Call us.")).toBe("Call us.");
    expect(messageText("CustomPayload", "42")).toBe("42");
    expect(messageText("CustomPayload", '["a"]')).toBe("");
  });

  it("makes no empty lines of an empty card", () => {
    expect(cardText({ title: "Choose", subtitle: " ", buttons: [{ text: "A" }] })).toBe(
      "Choose\n- A",
    );
  });
});
