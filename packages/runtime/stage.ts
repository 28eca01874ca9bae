import type { DraftOf, EventOf, EventType } from "@holdline/events";
import type * as z from "zod";
import type { Limit } from "./state-store.ts";

/** What an effect is like: what to do when nobody knows whether it happened, and what it takes from. */
export interface OnceTerms<Outcome> {
  /** What to do when nobody knows whether the effect happened: do it again, or ask a person. */
  readonly ifUnsure: "retry" | "dead-letter";
  /**
   * For effects that are not idempotent: looks for evidence that it did happen. When nobody knows, it
   * is asked for up to `waitMs`; without evidence the effect is repeated once, and after that dead-lettered.
   */
  readonly evidence?: ((token: string) => Outcome | undefined) | undefined;
  readonly waitMs?: number;
  /** Up to which time (epoch ms) evidence has been heard: a backlog of it is waited for as well. */
  readonly heardUntil?: (() => number) | undefined;
  /** Quotas to take from before the effect begins; lower priorities go first. */
  readonly pace?: readonly {
    readonly limit: Limit;
    readonly cost: number;
    readonly priority: number;
  }[];
}

/**
 * Has an effect on the outside world, and remembers what came of it.
 *
 * Given the same `name` for the same event it happens once: later calls return the first outcome.
 * `token` is stable across attempts; hand it to a provider that takes an idempotency key. The
 * outcome is plain JSON without secrets: it travels in the events of the run.
 */
export type Once = <Outcome>(
  name: string,
  effect: (token: string, signal: AbortSignal) => Promise<Outcome>,
  terms: OnceTerms<Outcome>,
) => Promise<Outcome>;

/**
 * What a stage must know to decide: a reducer over the events it hears and says.
 *
 * The runtime keeps the state with the stage's cursors and hands `run` the state from before the event.
 * It is plain JSON and never changed in place: a store may hand out the very object it keeps.
 */
export interface Knowledge<On extends EventType, Emits extends EventType, State> {
  readonly schema: z.ZodType<State>;
  /** Raise it with every change old states cannot be read by, and say in `upcast` how to read them. */
  readonly version: number;
  readonly initial: State;
  evolve(state: State, event: EventOf<On> | EventOf<Emits>): State;
  upcast?(old: unknown, version: number): State;
}

/** What a port may call: a bot, Amazon Connect, a carrier of texts. */
export type OutsideService = "bot" | "connect" | "sms";

/** A named function from one event to the events it causes, and what it takes to call it. */
export interface Stage<
  On extends EventType = EventType,
  Emits extends EventType = EventType,
  Ports extends object = object,
  State = unknown,
> {
  readonly name: string;
  readonly on: readonly On[];
  readonly emits: readonly Emits[];
  readonly state?: Knowledge<On, Emits, State>;
  /** The services outside that its ports call: who deploys it grants these and no others. */
  readonly calls?: readonly OutsideService[];
  /** Its own retry policy, where the default does not fit. */
  readonly retry?: { readonly maxAgeMs?: number; readonly attempts?: number };
  run(
    event: EventOf<On>,
    ports: Ports & { readonly once: Once; readonly state: State },
  ): Promise<readonly DraftOf<Emits>[]>;
}

/**
 * Declares a stage: what wakes it, what it may say, and how it decides.
 *
 * `run` is asked about one event at a time, in order within a conversation. It returns the events it
 * causes and touches the world only through `once`, so that the runtime may call it again whenever it
 * needs to. Declaring a stage does nothing by itself: importing one is always safe.
 */
export function stage<
  On extends EventType,
  Emits extends EventType,
  Ports extends object = object,
  State = undefined,
>(declaration: Stage<On, Emits, Ports, State>): Stage<On, Emits, Ports, State> {
  return declaration;
}

/** The same draft, to be published no sooner than `afterMs` after `time`. Stages have no clock; events have. */
export function later<D extends object>(draft: D, time: string, afterMs: number): D {
  return { ...draft, notBefore: new Date(Date.parse(time) + afterMs).toISOString() };
}
