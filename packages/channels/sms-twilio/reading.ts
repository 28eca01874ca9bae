import type { Reading } from "../channel.ts";
import { mend } from "../text/mend.ts";
import { segmentation } from "../text/segments.ts";
import { split } from "../text/split.ts";
import { readMessage, readStatus } from "./read.ts";
import { maxChars } from "./wire.ts";

/** All of the channel that reaches nobody: what it reads, and what a reply becomes. */
export function smsTwilioReading({ maxSegments }: { readonly maxSegments: number }): Reading {
  const room = { chars: maxChars, segments: maxSegments };
  return {
    name: "sms-twilio",
    read: readMessage,
    readReceipt: readStatus,
    fit: (text) => split(mend(text), room),
    segments: (text) => segmentation(text).segments,
  };
}
