/**
 * Runs today's stages over what they heard then, without the world: the recording is all they can reach.
 * Nothing here publishes, and nothing here knows how to.
 */
export * from "./compare.ts";
export * from "./out-of-reach.ts";
export * from "./recorded.ts";
export * from "./rerun.ts";
export * from "./schedule.ts";
export * from "./without-network.ts";
