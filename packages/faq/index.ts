export * from "./format.ts";
export * from "./holdline-faq.ts";
export * from "./intent-name.ts";
export * from "./matcher.ts";
export * from "./pair.ts";
export { extractBounded } from "./scrape/bounded.ts";
export { extract } from "./scrape/extract.ts";
export { askedPart } from "./scrape/question.ts";
export { type FoundPair, pageText } from "./scrape/structured.ts";
