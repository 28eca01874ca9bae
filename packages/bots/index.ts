export * from "./bot.ts";
export type { LexClientSettings } from "./lex-options.ts";
export * from "./lex-v1.ts";
export * from "./lex-v2.ts";
