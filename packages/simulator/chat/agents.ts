import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";

/** An agent, signed in or not, and how many chats fit on the desk. */
export interface Agent {
  readonly name: string;
  readonly state: "available" | "offline";
  readonly chats: number;
}

/** Connect's own default for an agent's chat concurrency is set per routing profile; the stand-in's is this. */
export const CHATS_PER_AGENT = 5;

/** The agents and how busy each is. */
export interface Agents {
  find(name: string): Agent | undefined;
  set(agent: Agent): void;
  all(): Iterable<Agent>;
  /** Counts a chat onto (1) or off (-1) a desk. */
  count(name: string, by: 1 | -1): void;
  busy(name: string): number;
  /** The agent who gets the next chat: the least busy with a free place. */
  free(): Agent | undefined;
  emptyDesks(): void;
}

/** The agents; who is signed in is kept, the counts are rebuilt from the chats. */
export function agents(journal: Journal): Agents {
  const rows = table<Agent>(journal, "agent");
  const counts = new Map<string, number>();
  const busy = (name: string) => counts.get(name) ?? 0;
  return {
    find: (name) => rows.get(name),
    set: (agent) => rows.put(agent.name, agent),
    all: () => rows.values(),
    count: (name, by) => counts.set(name, Math.max(0, busy(name) + by)),
    busy,
    free() {
      let best: Agent | undefined;
      for (const agent of rows.values()) {
        if (agent.state !== "available" || busy(agent.name) >= agent.chats) continue;
        if (!best || busy(agent.name) < busy(best.name)) best = agent;
      }
      return best;
    },
    emptyDesks: () => counts.clear(),
  };
}
