import type { Cursor, Delayed } from "./state-store.ts";

/** How far a stage has come in a conversation, as the process that runs it knows. */
export interface Progress {
  /** How far each line was heard, and what keeps coming again. */
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Until when the conversation is in the stage's hands (epoch ms); nothing when it is free. */
  readonly heldUntil: number | null;
}

/** Where one stage stands in a conversation. */
export interface StageStanding extends Progress {
  /** How many of the conversation's events its subscription has left behind, whatever they came to. */
  readonly leftBehind: number;
  /** Effects that were begun and of which nobody knows what came, by token. */
  readonly begun: readonly {
    readonly token: string;
    readonly begunAt: number;
    readonly times: number;
  }[];
}

/**
 * Where the stages stand in one conversation: what its history does not tell. For people to read; no
 * stage's state is in it, and nothing is decided by it.
 */
export interface Standing {
  readonly stages: Readonly<Record<string, StageStanding>>;
  /** What is to be said later. */
  readonly delayed: readonly Delayed[];
}
