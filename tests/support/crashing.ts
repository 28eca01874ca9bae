/** Thrown where a test's process dies. Whatever that process does afterwards throws it too. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** Where a process dies: at the `at`-th thing it waits for, before or after that took effect. */
export interface Death {
  readonly at: number;
  readonly took: "no effect" | "effect";
}

/** A process that can die. It does whatever it does through what it wraps. */
export function mortal(death?: Death) {
  let steps = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Crash("the process died");
  };

  async function step<T>(act: () => Promise<T> | T): Promise<T> {
    if (dead) throw new Crash("the process is dead");
    const last = steps++ === death?.at;
    if (last && death?.took === "no effect") die();
    const result = await act();
    if (last) die();
    // Another thing it waited for at the same time may have been the last.
    if (dead) throw new Crash("the process died meanwhile");
    return result;
  }

  /** The same object, each of whose methods is a step of this process. */
  function wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get(from, name) {
        const value = Reflect.get(from, name);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => step(() => value.apply(from, given));
      },
    });
  }

  return {
    step,
    wrap,
    get dead() {
      return dead;
    },
    /** How many things it has waited for. */
    get steps() {
      return steps;
    },
  };
}
