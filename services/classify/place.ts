import { type Wording, worded } from "../settings/index.ts";
import type { Conversation } from "./knowledge.ts";

type Queue = NonNullable<Conversation["contact"]["queue"]>;

/**
 * The customer's place and a rough time, in words, from the last marker; nothing when no marker told.
 *
 * The oldest chat has come from the back of the line to its front in `oldestSeconds`, so a place `p` of
 * `n` is about `p/n` of that from its turn. Rough on purpose, and rounded to say so. A marker without
 * it (Connect leaves metrics empty at times) tells the place alone.
 */
export function placeInWords(queue: Queue | null, wording: Wording): string | undefined {
  if (queue?.state !== "WAITING") return undefined;
  const position = queue.position ?? queue.size;
  if (position === null || position < 1) return undefined;
  if (queue.oldestSeconds === null) return worded(wording.placeOnly, { position });
  const share = Math.min(1, position / Math.max(queue.size ?? position, 1));
  const seconds = queue.oldestSeconds * share;
  return worded(wording.place, { position, time: timeInWords(seconds, wording) });
}

function timeInWords(seconds: number, wording: Wording): string {
  const minutes = seconds / 60;
  if (minutes < 2) return wording.aMoment;
  if (minutes < 10) return worded(wording.aboutMinutes, { n: Math.round(minutes) });
  if (minutes < 90) return worded(wording.aboutMinutes, { n: Math.round(minutes / 5) * 5 });
  return worded(wording.aboutHours, { n: Math.round(minutes / 30) / 2 });
}
