let last = { ms: Number.NaN, iso: "" };

/** A time as events tell it: ISO with milliseconds. Most are said in the millisecond of the one before. */
export function timeOf(date: Date): string {
  const ms = date.getTime();
  if (ms !== last.ms) last = { ms, iso: date.toISOString() };
  return last.iso;
}
