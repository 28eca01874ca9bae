/**
 * A bounded memory of values by id. Two generations instead of a list in order of use: a value asked for
 * moves to the young one, and when that is full the old one is forgotten, but for what is `inUse`. A single
 * map that deletes its oldest entry would walk over the holes it leaves.
 */
export function recentValues<T>(size: number, inUse: (value: T) => boolean = () => false) {
  let young = new Map<string, T>();
  let old = new Map<string, T>();

  function set(id: string, value: T) {
    if (young.size >= size / 2) {
      const leaving = old;
      old = young;
      young = new Map();
      for (const [id, value] of leaving) if (inUse(value) && !old.has(id)) young.set(id, value);
    }
    young.set(id, value);
  }

  return {
    set,
    get(id: string): T | undefined {
      const fresh = young.get(id);
      if (fresh !== undefined) return fresh;
      const value = old.get(id);
      if (value !== undefined) set(id, value);
      return value;
    },
  };
}
