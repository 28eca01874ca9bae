import type { StateStore } from "../../packages/runtime/state-store.ts";

/** The named values of a state store, in memory: what a contact book needs and no more. */
export function keptValues(): Pick<StateStore, "keep" | "kept" | "forget" | "keptUnder"> {
  const values = new Map<string, string>();
  return {
    async keep(name, value) {
      values.set(name, value);
    },
    kept: async (name) => values.get(name),
    async forget(name) {
      values.delete(name);
    },
    keptUnder: async (prefix) =>
      [...values]
        .filter(([name]) => name.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
  };
}
