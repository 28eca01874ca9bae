import type { KeptPair } from "@holdline/faq";

/** A pair of a page, as a file of `faq scrape` would have it. */
export const pairOf = (id: string, more: Partial<KeptPair> = {}): KeptPair => {
  const answer = more.answer ?? `The answer to ${id}.`;
  return {
    ...{ id, question: `What about ${id}?`, answer, text: answer },
    ...{ section: "General", source: "https://example.org/faq", language: "en" },
    ...more,
  };
};

/** The moment everything of these tests happens at. */
export const at = "2026-01-01T00:00:00.000Z";
