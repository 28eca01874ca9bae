export * from "./errors.ts";
export * from "./stage.ts";
export * from "./state-store.ts";
export * from "./transport.ts";
export * from "./ingress.ts";
