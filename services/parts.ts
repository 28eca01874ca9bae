import { pipeline } from "./pipeline.ts";

/** What one process over Kafka does. */
export interface Parts {
  readonly stages: ReadonlySet<string>;
  /** Polls the queues while no other process does, and serves the function that flows invoke. */
  readonly doors: boolean;
  readonly holder: boolean;
}

const stages: readonly string[] = pipeline.map(({ name }) => name);

/** Every part by its name: the stages, and what brings in the outside. */
export const partNames: readonly string[] = [...stages, "doors", "socket-holder"];

/** The parts named, or all of them. An error lists the names there are. */
export function partsOf(only: readonly string[] = partNames): Parts {
  const named = new Set(only);
  const unknown = only.filter((name) => !partNames.includes(name));
  if (unknown.length > 0 || only.length === 0)
    throw new Error(
      `there is no part "${unknown.join('", "')}"; there are ${partNames.join(", ")}`,
    );
  return {
    stages: new Set(stages.filter((name) => named.has(name))),
    doors: named.has("doors"),
    holder: named.has("socket-holder"),
  };
}
