import { readFileSync } from "node:fs";
import { type FaqPair, readFaq } from "./format.ts";

/** The FAQ of a contact centre that does not exist: what the stand-in bot answers out of the box. */
export function holdlineFaq(): readonly FaqPair[] {
  const file = new URL("./holdline-faq.ndjson", import.meta.url);
  return readFaq(readFileSync(file, "utf8"), "holdline-faq.ndjson");
}
