import * as declared from "@holdline/events";

/** Every topic there is, in the order of their names: what a transport must carry, and a history is made of. */
export const allTopics: readonly string[] = [
  ...new Set(
    Object.values(declared as Readonly<Record<string, unknown>>)
      .filter((one): one is declared.EventType => Object.hasOwn(Object(one), "schema"))
      .map(({ type }) => declared.topicOf(type)),
  ),
].sort();
