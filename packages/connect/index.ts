export * from "./amazon-connect.ts";
export * from "./book.ts";
export * from "./clients.ts";
export * from "./contacts.ts";
export * from "./items.ts";
export * from "./trouble.ts";
export * from "./wire.ts";
