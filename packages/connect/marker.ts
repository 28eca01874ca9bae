/** What a queue marker says. */
export interface Marker {
  readonly queue: string | null;
  readonly state: "WAITING" | "FULL" | "CLOSED" | "ABANDONED";
  readonly position: number | null;
  readonly size: number | null;
  readonly oldestSeconds: number | null;
}

const prefix = "##QUEUE##";
const states: ReadonlySet<string> = new Set(["WAITING", "FULL", "CLOSED", "ABANDONED"]);

/** Whether a text claims to be a queue marker. Only a text of role SYSTEM may: anybody can type this. */
export const looksLikeMarker = (text: string): boolean => text.trimStart().startsWith(prefix);

/**
 * Reads `##QUEUE## state=WAITING position=3 size=12 oldest=340`, in any order.
 *
 * A flow fills the numbers from queue metrics, which Connect leaves empty at times: an empty or odd
 * number is unknown, not wrong. Without a state there is nothing to tell.
 */
export function readMarker(text: string): Marker | undefined {
  if (!looksLikeMarker(text)) return undefined;
  const fields = new Map<string, string>();
  // A value runs to the next `name=`: names of queues have spaces.
  for (const [, name, value] of text.matchAll(/(\w+)=(.*?)(?=\s+\w+=|\s*$)/gs))
    if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), value.trim());

  const state = fields.get("state")?.toUpperCase();
  if (state === undefined || !isState(state)) return undefined;
  const position = whole(fields.get("position"));
  return {
    state,
    queue: fields.get("queue") || null,
    position: position === 0 ? null : position,
    size: whole(fields.get("size")),
    oldestSeconds: whole(fields.get("oldest")),
  };
}

const isState = (state: string): state is Marker["state"] => states.has(state);
const whole = (text: string | undefined) =>
  text !== undefined && /^\d{1,9}(\.\d+)?$/.test(text) ? Math.trunc(Number(text)) : null;
