export { type ArchiveTerms, lexArchive } from "./archive.ts";
export type { BuildReport, BuildTerms, Built } from "./build.ts";
export { BuildFailed, type Calls, writesOf } from "./calls.ts";
export * from "./plan.ts";
export { heard, utteranceOf, variantsOf } from "./utterances.ts";
export { buildV1 } from "./v1.ts";
export { buildV2, type NewBot } from "./v2.ts";
