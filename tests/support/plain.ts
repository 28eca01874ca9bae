import { isDeepStrictEqual } from "node:util";

/**
 * The same value, frozen to its last corner: whoever changes it in place throws. Throws at once where it is
 * not what JSON makes of it, for then a stage would know something else after a restart.
 */
export function plain<Value>(value: Value): Value {
  if (value !== undefined && !isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value))
    throw new Error(`not plain JSON: ${JSON.stringify(value)}`);
  freeze(value);
  return value;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
