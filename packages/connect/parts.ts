/** How a text becomes messages of Connect: a door of its own, for programs that must not load a client. */

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cuts a text into parts of at most `limit` UTF-16 units: between words where it can, never inside a character. */
export function partsOf(text: string, limit: number): readonly string[] {
  const parts: string[] = [];
  let rest = text.toWellFormed();
  while (rest.length > limit) {
    const at = placeToCut(rest, limit);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  parts.push(rest);
  return parts.filter((part) => part !== "");
}

function placeToCut(text: string, limit: number): number {
  let blank = 0;
  let boundary = 0;
  // Looks a little further than the limit, so that the window's end is not taken for a boundary.
  for (const { segment, index } of characters.segment(text.slice(0, limit + 64))) {
    if (index > limit) break;
    boundary = index;
    if (segment.trim() === "") blank = index;
  }
  if (blank > 0) return blank;
  if (boundary > 0) return boundary;
  // One "character" longer than a whole message (a pile of combining marks): cut between code points.
  const low = text.charCodeAt(limit);
  return low >= 0xdc00 && low <= 0xdfff && limit > 1 ? limit - 1 : limit;
}
