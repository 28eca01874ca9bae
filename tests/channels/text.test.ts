import { harmless, isGsm7, mend, segmentation, split } from "@holdline/channels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut } from "../../packages/channels/text/split.ts";

const whale = "\u{1f433}";
const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";

describe("segments", () => {
  it.each([
    ["nothing", "", "gsm-7", 0, 1],
    ["160 letters", "a".repeat(160), "gsm-7", 160, 1],
    ["161 letters", "a".repeat(161), "gsm-7", 161, 2],
    ["306 letters", "a".repeat(306), "gsm-7", 306, 2],
    ["307 letters", "a".repeat(307), "gsm-7", 307, 3],
    ["80 euros", "€".repeat(80), "gsm-7", 160, 1],
    ["81 euros", "€".repeat(81), "gsm-7", 162, 2],
    // 153 is odd: each joined segment of escape pairs leaves one septet unused.
    ["153 euros", "€".repeat(153), "gsm-7", 306, 3],
    ["a pair on the seam", `${"a".repeat(152)}€${"a".repeat(10)}`, "gsm-7", 164, 2],
    ["a pair on the last seam", `${"a".repeat(152)}€${"a".repeat(152)}`, "gsm-7", 306, 3],
    ["70 Cyrillic", "я".repeat(70), "ucs-2", 70, 1],
    ["71 Cyrillic", "я".repeat(71), "ucs-2", 71, 2],
    ["134 Cyrillic", "я".repeat(134), "ucs-2", 134, 2],
    ["135 Cyrillic", "я".repeat(135), "ucs-2", 135, 3],
    ["35 whales", whale.repeat(35), "ucs-2", 70, 1],
    // 67 is odd: 33 whales a segment.
    ["67 whales", whale.repeat(67), "ucs-2", 134, 3],
    ["one whale among letters", `${"a".repeat(69)}${whale}`, "ucs-2", 71, 2],
    ["a request of letters", "a".repeat(1_600), "gsm-7", 1_600, 11],
    ["a request of Cyrillic", "я".repeat(1_600), "ucs-2", 1_600, 24],
  ] as const)("counts %s", (_, text, encoding, units, segments) => {
    expect(segmentation(text)).toEqual({ encoding, units, segments });
  });

  it("knows what is in the alphabet and what is not", () => {
    expect(isGsm7("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€")).toBe(true);
    for (const char of ["ç", "`", "’", "\t", "á", "Œ", "\u00a0", whale])
      expect(isGsm7(char)).toBe(false);
  });
});

describe("mending", () => {
  it.each([
    ["curly quotes", "It’s “fine”", `It's "fine"`],
    ["dashes and an ellipsis", "9–5 — or so…", "9-5 - or so..."],
    ["spaces that are none", "a\u00a0b\u2009c\u200bd\ufeff", "a b cd"],
    ["bullets", "• one", "* one"],
    ["an accent typed apart", "cafe\u0301’s", "café's"],
    ["tabs and returns", "a\tb\r\nc", "a b\nc"],
  ])("%s", (_, text, mended) => {
    expect(mend(text)).toBe(mended);
  });

  it("leaves a text alone that stays UCS-2 anyway", () => {
    for (const text of [`It’s here ${whale}`, "Ça va “bien” aujourd’hui, garçon", "“Привет”…"])
      expect(mend(text)).toBe(text);
  });

  it("does not pay more for three dots than for one ellipsis", () => {
    const text = "…".repeat(70);
    expect(mend(text)).toBe(text);
    expect(mend("…".repeat(50))).toBe(".".repeat(150));
  });

  it("takes out what no phone should get", () => {
    expect(harmless("a\u0000\u001b[31m\ud83db\u007f")).toBe("a[31m\ufffdb");
  });

  it("never lengthens, leaves no lone surrogate, and changes nothing the second time", () => {
    const words = fc.string({ unit: "binary", maxLength: 400 });
    const typographic = fc.string({
      unit: fc.constantFrom("a", " ", "’", "…", "–", "€", "é", "e\u0301", "я", whale),
      maxLength: 400,
    });
    fc.assert(
      fc.property(fc.oneof(words, typographic), (text) => {
        const mended = mend(text);
        expect(mended.isWellFormed()).toBe(true);
        expect(segmentation(mended).segments).toBeLessThanOrEqual(
          segmentation(harmless(text).replaceAll("\t", " ")).segments,
        );
        expect(mend(mended)).toBe(mended);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("splitting", () => {
  const room = { chars: 1_600, segments: 24 };

  it("numbers parts only when there are two", () => {
    expect(split("a".repeat(1_600), room)).toEqual(["a".repeat(1_600)]);
    const parts = split("a".repeat(1_601), room);
    expect(parts.map((part) => part.slice(0, 6))).toEqual(["(1/2) ", "(2/2) "]);
    // 1,600 less six for the number, twice.
    expect(split("a".repeat(3_188), room)).toHaveLength(2);
    expect(split("a".repeat(3_189), room)).toHaveLength(3);
  });

  it("cuts between words", () => {
    const parts = split("seventeen ".repeat(400), room);
    expect(parts).toHaveLength(3);
    for (const part of parts) expect(part).toMatch(/^\(\d\/3\) seventeen( seventeen)*$/);
  });

  it("keeps to the segments it is allowed, in either encoding", () => {
    for (const word of ["word ", "слово ", `${whale} `]) {
      const parts = split(word.repeat(100), { chars: 1_600, segments: 2 });
      expect(parts.length).toBeGreaterThan(1);
      for (const part of parts) expect(segmentation(part).segments).toBeLessThanOrEqual(2);
    }
  });

  it("does not let one emoji make all parts dear", () => {
    const parts = split(`${"word ".repeat(400)}${whale}`, room);
    expect(parts.map((part) => segmentation(part).encoding)).toEqual(["gsm-7", "ucs-2"]);
  });

  it("counts past nine", () => {
    const parts = split("word ".repeat(600), { chars: 1_600, segments: 1 });
    expect(parts.length).toBeGreaterThan(9);
    expect(parts[0]).toMatch(new RegExp(`^\\(1/${parts.length}\\) `));
    for (const part of parts) expect(segmentation(part).segments).toBe(1);
  });

  it("keeps a family together", () => {
    const parts = split(family.repeat(60), { chars: 1_600, segments: 1 });
    for (const part of parts)
      expect(part.replace(/^\(\d+\/\d+\) /, "")).toMatch(new RegExp(`^(${family})+$`));
  });

  it("takes a letter under a thousand accents for what it is", () => {
    const parts = split(`a${"\u0301".repeat(3_000)}`, { chars: 1_600, segments: 1 });
    for (const part of parts) expect(segmentation(part).segments).toBe(1);
    expect(parts.length).toBeGreaterThan(40);
  });

  it("is quick with a text of 64 KB", () => {
    const begun = performance.now();
    expect(split(`${whale} words `.repeat(6_000), room).length).toBeGreaterThan(30);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 600 }),
    fc.string({ unit: "grapheme", maxLength: 600 }),
    fc.string({
      unit: fc.constantFrom("a", "word", " ", "\n", "€", "я", whale, family),
      maxLength: 600,
    }),
  );

  it("loses nothing and adds nothing where it cuts", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 4 }), (raw, segments) => {
        const text = harmless(raw);
        const passes = (piece: string) => segmentation(piece).segments <= segments;
        const pieces = cut(text, passes);
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) {
          expect(passes(piece)).toBe(true);
          expect(piece.isWellFormed()).toBe(true);
          expect(piece).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("makes parts that each fit, and together say the same", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 4 }), (raw, segments) => {
        const text = mend(raw);
        const parts = split(text, { chars: 300, segments });
        const bare =
          parts.length > 1 ? parts.map((part) => part.replace(/^\(\d+\/\d+\) /, "")) : parts;
        expect(bare.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(300);
          expect(segmentation(part).segments).toBeLessThanOrEqual(segments);
          expect(part.isWellFormed()).toBe(true);
          expect(part.trim()).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });
});
