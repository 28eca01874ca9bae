/**
 * Ports as a replay has them: what only reads is real, and what would do something in the world never
 * returns. Whatever could answer a promise is no port of a replay, so nobody can put a client there.
 */
export type OutOfReach<T> = T extends (...given: infer Given) => Promise<unknown>
  ? (...given: Given) => never
  : T extends (...given: infer Given) => infer Answer
    ? (...given: Given) => OutOfReach<Answer>
    : T extends object
      ? { readonly [Name in keyof T]: OutOfReach<T[Name]> }
      : T;

/** Thrown by a port of a replay: the run wants something of the world that the recording does not hold. */
export class NotRecorded extends Error {
  override readonly name = "NotRecorded";
  readonly what: string;

  constructor(what: string) {
    super(`not in the recording: ${what}`);
    this.what = what;
  }
}

/** In place of what would reach out. */
export const outOfReach = (what: string) => (): never => {
  throw new NotRecorded(what);
};
