import { setTimeout as sleep } from "node:timers/promises";

/** What a client of the SDK has that calls can be counted and paced by. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: "initialize"; readonly name: string },
    ): void;
  };
}

/** How often each operation was called. */
export type Calls = Readonly<Record<string, number>>;

/** Counts a client's calls by operation, lets at most so many a second begin, and none once it is stopped. */
export function paceAndCount(client: Client, perSecond: number, signal: AbortSignal): () => Calls {
  const counted: Record<string, number> = {};
  let free = 0;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const now = performance.now();
        const starts = Math.max(now, free);
        free = starts + 1_000 / perSecond;
        if (starts > now) await sleep(starts - now);
        signal.throwIfAborted();
        const name = commandName.replace("Command", "");
        counted[name] = (counted[name] ?? 0) + 1;
        return next(args);
      },
    { step: "initialize", name: "paceAndCount" },
  );
  return () => structuredClone(counted);
}

/** Calls that change something; all others only look. */
export const writesOf = (calls: Calls): Calls =>
  Object.fromEntries(Object.entries(calls).filter(([name]) => !/^(Describe|List|Get)/.test(name)));

/** How long and how often is asked whether something is ready. */
export interface Waiting {
  readonly everyMs: number;
  readonly mostMs: number;
  readonly signal: AbortSignal;
}

/** Asks until there is an answer, or says what was waited for in vain. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { everyMs, mostMs, signal }: Waiting,
): Promise<T> {
  const until = performance.now() + mostMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until)
      throw new Error(
        `${what} took longer than ${Math.round(mostMs / 1_000)} s; run the command again`,
      );
    await sleep(everyMs);
    signal.throwIfAborted();
  }
}

/** Why nothing was put live; what was live still is. */
export class BuildFailed extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`${why}; what the alias served before it serves still`, options);
    this.name = "BuildFailed";
  }
}
