import type { Cursor, Delayed } from "./state-store.ts";

/** How far a stage has come in a conversation, as the process that runs it knows. */
export interface Progress {
  /** How far each line was heard, and what keeps coming again. */
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Until when the conversation is in the stage's hands (epoch ms); nothing when it is free. */
  readonly heldUntil: number | null;
}

/** An effect that was begun and of which nobody knows what came; the token is `stage/event/effect`. */
export interface Begun {
  readonly token: string;
  /** Epoch ms. */
  readonly begunAt: number;
  readonly times: number;
}

/** Where one stage stands in a conversation. */
export interface StageStanding extends Progress {
  /** How many of the conversation's events its subscription has left behind, whatever they came to. */
  readonly leftBehind: number;
  readonly begun: readonly Begun[];
}

/** What a state store knows of one conversation beside its history. For people, as a standing is. */
export interface Remembered {
  readonly stages: Readonly<Record<string, Progress>>;
  /** Of all conversations; nothing where the store cannot list them. */
  readonly begun: readonly Begun[];
  readonly delayed: readonly Delayed[];
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
