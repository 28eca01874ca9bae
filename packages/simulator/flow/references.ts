// `$.Queue.Name` or `$.Attributes['my-key']`; a full stop that ends a sentence is not part of it.
const REFERENCE = /\$((?:\.[A-Za-z0-9_-]+|\['[^']+'\])+)/g;
const STEP = /\.([A-Za-z0-9_-]+)|\['([^']+)'\]/g;

/** Puts values in the place of `$.` references, in strings and in all that is inside objects and lists. */
export function resolved(value: unknown, facts: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") return resolvedText(value, facts);
  if (Array.isArray(value)) return value.map((each) => resolved(each, facts));
  if (value && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [resolvedText(key, facts), resolved(each, facts)]),
    );
  return value;
}

// A reference to nothing becomes nothing: Connect plays and stores an empty value.
function resolvedText(text: string, facts: Readonly<Record<string, unknown>>): string {
  if (!text.includes("$")) return text;
  return text.replace(REFERENCE, (_, path: string) => {
    let value: unknown = facts;
    for (const [, dotted, quoted] of path.matchAll(STEP)) {
      const key = dotted ?? quoted ?? "";
      value =
        value && typeof value === "object" && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined;
    }
    if (value === undefined || value === null) return "";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}
