import type { Delivery } from "@holdline/runtime";
import type { Log } from "./log.ts";

/** One line for what a person should know of; every delivery at level debug. */
export function observer(log: Log, count: (delivery: Delivery) => void) {
  return (delivery: Delivery): void => {
    count(delivery);
    const { error, ...facts } = delivery;
    const code = facts.code ?? (error instanceof Error ? error.name : undefined);
    const line = { ...facts, ...(code !== undefined && { code }) };
    if (facts.outcome === "dead-lettered") log.error(line, "dead-lettered");
    else if (facts.outcome === "failed") log.error({ ...line, stack: stackOf(error) }, "failed");
    else if (facts.gap || facts.late) log.warn(line, "out of order");
    else log.debug(line, facts.outcome);
  };
}

/** Where it happened, without the message, which may quote a customer. */
export const stackOf = (error: unknown): string | undefined =>
  error instanceof Error ? error.stack?.split("\n").slice(1, 6).join("\n") : undefined;
