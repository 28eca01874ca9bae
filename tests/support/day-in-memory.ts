import type { Event } from "@holdline/events";
import { commitThenPublish } from "@holdline/runtime";
import fc from "fast-check";
import { type BadDay, live, type Place } from "./bad-day.ts";
import type { Death } from "./crashing.ts";
import { memoryStore } from "./memory-store.ts";

/** A bad day over a store and a bus that know nothing of each other. */
export function day(
  given: Partial<BadDay> & Pick<BadDay, "conversations">,
  commit: Place["commit"] = (store, publish) => commitThenPublish(store, { publish }),
) {
  const clock = { now: Date.parse("2026-01-01T00:00:00.000Z") };
  const store = memoryStore(() => clock.now);
  const bus: Event[] = [];
  const place: Place = {
    ...{ store, commit },
    publish: async (events) => void bus.push(...events),
    published: () => bus,
  };
  return live({ chaos: calm, deaths: [], evidence: true, clock, open: () => place, ...given });
}

/** A day without much luck, always the same one. */
export const calm = Array.from({ length: 997 }, (_, n) => ((n * 7919) % 997) / 997);

/** Luck of all kinds. */
export const chaos = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), {
  minLength: 20,
  maxLength: 200,
});
/** How many texts each conversation has. */
export const conversations = fc.array(fc.integer({ min: 1, max: 4 }), {
  minLength: 1,
  maxLength: 3,
});
/** A process dies, before or after what it waited for. */
export const death: fc.Arbitrary<Death> = fc.record({
  at: fc.integer({ min: 0, max: 150 }),
  took: fc.constantFrom("effect", "no effect"),
});
