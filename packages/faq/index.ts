export * from "./format.ts";
export * from "./holdline-faq.ts";
export * from "./intent-name.ts";
export * from "./matcher.ts";
