/**
 * A history that can be taken away, checked, and read without whatever carried it: NDJSON, optionally zstd.
 * Nothing here can publish: an imported history is a file that no pipeline runs from.
 */
export * from "./export.ts";
export { archiveVersion, BadArchive } from "./format.ts";
export { type Gathered, gather } from "./gather.ts";
export * from "./history.ts";
export * from "./import.ts";
export * from "./lookup.ts";
export { readArchive } from "./read.ts";
export type { Recording } from "./recording.ts";
export * from "./verify.ts";
