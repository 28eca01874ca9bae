import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsOf } from "../../packages/connect/parts.ts";

const squeezed = (text: string) => text.replace(/\s+/g, "");

describe("a long text", () => {
  it("stays whole when it fits", () => {
    expect(partsOf("hello there", 1_024)).toEqual(["hello there"]);
    expect(partsOf("a".repeat(1_024), 1_024)).toEqual(["a".repeat(1_024)]);
  });

  it("is cut between words", () => {
    expect(partsOf("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });

  it("is cut inside a word that is too long for one part", () => {
    expect(partsOf("a".repeat(2_500), 1_024).map((part) => part.length)).toEqual([
      1_024, 1_024, 452,
    ]);
  });

  it("is never cut inside a character", () => {
    const family = "👨‍👩‍👧‍👦";
    const parts = partsOf(family.repeat(10), 30);
    expect(parts.join("")).toBe(family.repeat(10));
    for (const part of parts) expect(part.length % family.length).toBe(0);
  });

  it("has no lone surrogates left", () => {
    expect(partsOf("a\ud83d", 10)).toEqual(["a\ufffd"]);
  });

  it("loses nothing, fits every part and cuts no code point, whatever the text", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(" ", "\n", "🏳️‍🌈", "e\u0301"), fc.string({ unit: "binary" })),
      maxLength: 300,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const parts = partsOf(text, limit);
        expect(squeezed(parts.join(""))).toBe(squeezed(text.toWellFormed()));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.length).toBeGreaterThan(0);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
