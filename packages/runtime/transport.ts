import type { Event } from "@holdline/events";

/** What the transport should do with the event it just delivered: forget it, or bring it again. */
export type Verdict =
  | { readonly verdict: "ack" }
  | { readonly verdict: "retry"; readonly afterMs: number };

/** Never rejects. */
export type Deliver = (raw: unknown) => Promise<Verdict>;

/** Who wants to be brought events, and of which topics. */
export interface Subscriber {
  readonly name: string;
  /** `message`, `reply`: every event of one of these topics comes to this subscriber. */
  readonly topics: readonly string[];
  /**
   * Whether an event is of any use to the subscriber. A transport that can ask cheaply spares both the
   * delivery; one that can't delivers, and the runtime acks.
   */
  readonly wants?: (event: Event) => boolean;
}

/** What a transport does beyond its duty. Nothing is less correct without these, only slower or poorer. */
export interface Traits {
  /** Events with the same key arrive in the order they were published. */
  readonly ordered: boolean;
  /** A new subscriber also gets what was published before it came. */
  readonly retains: boolean;
}

/**
 * Carries events between stages.
 *
 * A transport moves events and decides nothing. Its duties are two: `publish` resolves only once the
 * events would survive a crash, and every event reaches every subscriber to its topic at least
 * once. Order, repetition, retrying and giving up are the runtime's, and come back to the transport
 * as a `Verdict`.
 */
export interface Transport {
  readonly name: string;
  readonly traits: Traits;

  /** Rejects if any of the events is not safe. Publishing them again is harmless. */
  publish(events: readonly Event[]): Promise<void>;

  /** Hands events to `deliver` until `signal` aborts, then resolves when those in hand are settled. */
  consume(subscriber: Subscriber, deliver: Deliver, signal: AbortSignal): Promise<void>;
}
