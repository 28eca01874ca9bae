export { type Flow, type FlowType, nextOf } from "./flow.ts";
export * from "./flows.ts";
export type { Kind } from "./known-actions.ts";
export { type Finding, type LintOptions, lintFlow } from "./lint.ts";
