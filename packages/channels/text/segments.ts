import { isGsm7, septetsOf } from "./gsm7.ts";

/**
 * What one segment holds. Joined segments lose six octets each to the header that says which part
 * of what they are (3GPP TS 23.040 §9.2.3.24.1): 153 of 160 septets, 67 of 70 code units.
 */
export const segmentRoom = {
  "gsm-7": { alone: 160, joined: 153 },
  "ucs-2": { alone: 70, joined: 67 },
} as const;

/** How a text travels: the encoding a carrier will choose, and the parts it bills and paces. */
export interface Segmentation {
  readonly encoding: keyof typeof segmentRoom;
  /** Septets or UTF-16 code units. */
  readonly units: number;
  readonly segments: number;
}

/**
 * Counts what a carrier will bill for a text.
 *
 * Neither an escape pair nor a surrogate pair is ever divided between two segments, so a segment may
 * end with a unit unused.
 */
export function segmentation(text: string): Segmentation {
  const encoding = isGsm7(text) ? "gsm-7" : "ucs-2";
  const { alone, joined } = segmentRoom[encoding];
  let units = 0;
  let segments = 1;
  let inSegment = 0;
  for (const char of text) {
    const cost = encoding === "gsm-7" ? (septetsOf(char) ?? 1) : char.length;
    units += cost;
    if (inSegment + cost > joined) {
      segments += 1;
      inSegment = 0;
    }
    inSegment += cost;
  }
  return { encoding, units, segments: units <= alone ? 1 : segments };
}
