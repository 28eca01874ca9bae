import { intentName } from "@holdline/faq";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("an intent's name", () => {
  it("is the id where Lex can spell it", () => {
    expect(intentName("order-status")).toBe("order_status");
    expect(intentName("refund")).toBe("refund");
    expect(intentName("order_status")).not.toBe("order_status");
  });

  it("stays what it is: a bot that was built keeps its names", () => {
    expect(intentName("FAQ 12: fees")).toBe("faq_fees_x_jkmdfmiepdibcong");
    expect(intentName("часы")).toMatch(/^x_[a-p]{16}$/);
  });

  it("is legal in both Lexes, and another for another id", () => {
    const ids = fc.oneof(
      fc.string({ maxLength: 150 }),
      fc.string({ unit: fc.constantFrom("a", "b", "-", "_", "A", "1"), maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(ids, { maxLength: 50 }), (some) => {
        const names = some.map(intentName);
        for (const name of names) {
          expect(name).toMatch(/^([A-Za-z]_?)+$/);
          expect(name.length).toBeLessThanOrEqual(100);
        }
        // Lex tells no two names apart by case alone.
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(some.length);
      }),
    );
  });
});
