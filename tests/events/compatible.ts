type Json = Readonly<Record<string, unknown>>;

/** What tells readers something and holds events to nothing. */
const annotations = new Set(["$schema", "$id", "title", "description", "examples"]);

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const rulesOf = (schema: Json) => Object.keys(schema).filter((name) => !annotations.has(name));

/**
 * What a schema asks for otherwise than the one that was released: then either what was recorded could
 * not be read any more, or what is said now could not be read by those who know the release. A member
 * that may be left out may be new.
 */
export function changes(released: unknown, now: unknown, at = "event"): readonly string[] {
  if (!isObject(released) || !isObject(now))
    return JSON.stringify(released) === JSON.stringify(now) ? [] : [`${at} is another`];
  const rules = new Set([...rulesOf(released), ...rulesOf(now)]);
  return [...rules].flatMap((rule) => {
    if (rule === "properties") return members(released[rule] as Json, now[rule] as Json, at);
    const [before, after] = [released[rule], now[rule]];
    if (rule === "required") return changes(sorted(before), sorted(after), `${at}: required`);
    return changes(before, after, `${at}: ${rule}`);
  });
}

function members(released: Json = {}, now: Json = {}, at: string): readonly string[] {
  return Object.keys(released).flatMap((name) =>
    name in now ? changes(released[name], now[name], `${at}.${name}`) : [`${at}.${name} is gone`],
  );
}

const sorted = (names: unknown) => [...((names ?? []) as readonly string[])].sort();
