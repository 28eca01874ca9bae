import { segmentation } from "./segments.ts";

/** What one text message may be at most. */
export interface Room {
  /** UTF-16 code units: the strictest reading of a carrier's "characters". */
  readonly chars: number;
  readonly segments: number;
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
/** Cheaper and never wrong on plain text: only what lies above U+02FF joins with its neighbour (and CR LF). */
const isPlain = (text: string) => !/[\u0300-\uffff\r]/.test(text);

/** The places where a text may be cut without breaking what a reader sees as one character. */
function cuts(text: string): readonly number[] {
  if (isPlain(text)) return Array.from({ length: text.length }, (_, index) => index + 1);
  return Array.from(graphemes.segment(text), ({ index, segment }) => index + segment.length);
}

/** For a cluster larger than a whole message (a letter under a thousand accents): by code point. */
function cutsWithin(text: string): readonly number[] {
  let end = 0;
  return Array.from(text, (char) => {
    end += char.length;
    return end;
  });
}

/** How many leading entries of `ends` pass; they pass up to some point and fail after it. */
function countPassing(ends: readonly number[], passes: (end: number) => boolean): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (passes(ends[middle - 1] as number)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The last place after white space in `piece`, unless that would leave the message half empty. */
function wordEnd(piece: string): number {
  const match = /^[\s\S]*\s/.exec(piece);
  const end = match?.[0].length ?? 0;
  return end > piece.length / 2 ? end : piece.length;
}

/** Cuts a text into pieces that each pass; joined they are the text again, to the letter. */
export function cut(text: string, passes: (piece: string) => boolean): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest !== "" && !passes(rest)) {
    // No message takes more than a few thousand units; looking further would make long texts quadratic.
    const window = rest.slice(0, 4_096);
    const fits = (end: number) => passes(rest.slice(0, end));
    // The window may itself end within a character; that place is no place to cut.
    let ends = window === rest ? cuts(window) : cuts(window).slice(0, -1);
    let count = countPassing(ends, fits);
    if (count === 0) {
      ends = cutsWithin(window.toWellFormed());
      count = Math.max(1, countPassing(ends, fits));
    }
    const most = rest.slice(0, ends[count - 1]);
    const end = /^\s/.test(rest.slice(most.length)) ? most.length : wordEnd(most);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest !== "") pieces.push(rest);
  return pieces;
}

/**
 * The text messages a text becomes: itself where it fits, else parts cut between words and numbered
 * `(1/2) `, because carriers do not keep the order of separate messages. White space alone is nothing.
 */
export function split(text: string, room: Room): readonly string[] {
  const fits = (message: string) =>
    message.length <= room.chars && segmentation(message).segments <= room.segments;
  if (text.trim() === "") return [];
  if (fits(text)) return [text];
  const body = text.trim();
  for (let digits = 1; ; digits += 1) {
    const most = 10 ** digits - 1;
    // A part may be white space to its end; then it is no message.
    const parts = cut(body, (piece) => fits(`(${most}/${most}) ${piece.trim()}`))
      .map((piece) => piece.trim())
      .filter((piece) => piece !== "");
    if (parts.length === 1) return parts;
    if (parts.length <= most)
      return parts.map((part, index) => `(${index + 1}/${parts.length}) ${part}`);
  }
}
