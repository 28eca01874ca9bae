import * as z from "zod";

/** A way customers reach us; the folder in `packages/channels` that speaks it. */
export const channel = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** An address within its channel: E.164 for SMS, an opaque id elsewhere. */
export const address = z.string().min(1).max(100);

/** Who talks with whom, and over what. One conversation is one such triple. */
export const parties = { channel, business: address, customer: address };

/** ISO with milliseconds, as every time on the wire. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** BCP 47, such as `en-US`. */
export const language = z.string().min(2).max(35);

/** The carrier's own words, kept whole so that a parsing bug can be repaired by replay. */
export const carried = {
  channel,
  /** The carrier's body as it came, at most 64 KB. */
  raw: z.string().max(65_536),
  /** The carrier's own id; duplicates are told by it, never by content. */
  carrierId: z.string().min(1),
  /** When the carrier says it happened: orders texts, since carriers promise no order. */
  carrierTime: instant,
  arrivedAt: instant,
};
