import { topicOf } from "@holdline/events";

/** What every event of ours bears as its source. */
export const source = "holdline";

interface Hearer {
  readonly on: readonly { readonly type: string }[];
}

/** An EventBridge rule's pattern, as its JSON is spelt. */
export interface RulePattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly { readonly prefix: string }[];
  /** Events of an archive's replay carry a name at the top level: they are for whoever asked for the replay. */
  readonly "replay-name": readonly { readonly exists: false }[];
}

/**
 * The pattern of the rule that brings a stage its events: whole topics, live ones only.
 *
 * Siblings nobody asked for come too: on a bus without order their numbers tell that nothing is missing.
 */
export function rulePattern({ on }: Hearer): RulePattern {
  return patternOf([...new Set(on.map(({ type }) => topicOf(type)))]);
}

/** The pattern for whole topics, by their names. */
export const patternOf = (topics: readonly string[]): RulePattern => ({
  source: [source],
  "detail-type": topics.map((topic) => ({ prefix: `${topic}.` })),
  "replay-name": [{ exists: false }],
});

/** The pattern of the rule that captures replays, and nothing live. */
export const capturePattern = {
  source: [source],
  "replay-name": [{ exists: true }],
};
