import { hash } from "node:crypto";

/** Ids are derived, not drawn: the same cause says the same thing under the same id. 32 hex digits. */
export const derivedId = (...parts: readonly (string | number)[]): string =>
  hash("sha256", parts.join("/"), "hex").slice(0, 32);
