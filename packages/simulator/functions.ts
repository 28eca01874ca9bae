import type { Journal } from "./journal/journal.ts";
import { table } from "./journal/table.ts";

/** A function that a flow may name, and where to reach it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly url: string;
}

/** The stand-in for Lambda: the functions that flows invoke, reached by HTTP. */
export interface Functions {
  register(name: string, url: string): RegisteredFunction;
  list(): RegisteredFunction[];
  /** Invokes as Connect would. Throws when the flow is to take its error branch. */
  invoke(name: string, event: unknown, limitMs: number): Promise<unknown>;
}

// Connect cuts a function off after 8 s, and reads at most 32 KB of what it returned.
const LONGEST_MS = 8_000;
const LARGEST_BYTES = 32 * 1024;
const RETRIES = 3;

/** The registered functions, kept across crashes and resets. */
export function functions(journal: Journal): Functions {
  const known = table<RegisteredFunction>(journal, "function");
  return {
    register(name, url) {
      const registered = { name, url };
      known.put(name, registered);
      return registered;
    },
    list: () => [...known.values()],
    async invoke(name, event, limitMs) {
      const target = known.get(name);
      if (!target)
        throw new Error(`no function ${name}; register it with PUT /_sim/functions/${name}`);
      const signal = AbortSignal.timeout(Math.min(limitMs, LONGEST_MS));
      const body = JSON.stringify(event);
      for (let attempt = 0; ; attempt++) {
        const response = await fetch(target.url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          signal,
        });
        const text = await response.text();
        // Connect retries throttling and server errors up to three times within the limit, and nothing else.
        if ((response.status === 429 || response.status >= 500) && attempt < RETRIES) continue;
        if (!response.ok) throw new Error(`function ${name} answered ${response.status}`);
        if (Buffer.byteLength(text) > LARGEST_BYTES)
          throw new Error(`function ${name} returned more than ${LARGEST_BYTES} bytes`);
        return text === "" ? {} : JSON.parse(text);
      }
    },
  };
}
