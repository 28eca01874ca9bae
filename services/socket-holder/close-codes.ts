/** What a close code says about coming back. */
interface ComingBack {
  /** `soon`: at once, with only the pacing of all. `later`: as after a failure. */
  readonly again: "soon" | "later";
}

// Connect does not document its close codes; these are the meanings of RFC 6455 §7.4.1 and of API
// Gateway, which the frames of the edge look like. None of them means that the chat is over: only
// the chat.ended item and a 403 say that.
const closeCodes: Readonly<Record<number, ComingBack>> = {
  1000: { again: "soon" },
  // Going away: API Gateway closes idle (10 min) and old (2 h) connections with it.
  1001: { again: "soon" },
  1005: { again: "soon" },
  1006: { again: "soon" },
  1008: { again: "later" },
  1009: { again: "later" },
  1011: { again: "later" },
  // Service restart, and try again later (IANA registry).
  1012: { again: "soon" },
  1013: { again: "later" },
};

/** Whether to come back at once after a close code. An unknown one is treated as a failure. */
export const comesBackSoon = (code: number): boolean => closeCodes[code]?.again === "soon";
