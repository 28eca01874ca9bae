import { pause } from "./timings.ts";

/** What waits for its turn. `place` is the queue it waits in, -1 when it does not wait. */
export interface Waiting {
  place: number;
}

/** Takes one turn from a quota: 0 when taken, else how many milliseconds to wait before asking again. */
export type TakeTurn = (priority: number) => Promise<number>;

/** Lets contacts through to CreateParticipantConnection, at the quota's pace and in order of urgency. */
export interface Opener<Member extends Waiting> {
  /** Asking again with a better (lower) priority moves a member forward. */
  ask(member: Member, priority: number): void;
  forget(member: Member): void;
  /** Nobody is let through for a while: the quota was found exhausted. */
  hold(ms: number): void;
  /** How many wait, and how many are being opened. */
  waiting(): number;
  running(): number;
}

/** How many urgencies there are: 0 goes first. */
export const urgencies = 4;

/**
 * Paces what all contacts share: six new connections a second for a whole instance.
 *
 * `atOnce` bounds how many are being opened: a slow service must not collect them.
 */
export function opener<Member extends Waiting>(
  open: (member: Member) => Promise<void>,
  take: TakeTurn,
  atOnce: number,
  signal: AbortSignal,
): Opener<Member> {
  // Sets keep their order, and forget from the middle without a search.
  const queues: Set<Member>[] = Array.from({ length: urgencies }, () => new Set());
  let running = 0;
  let heldUntil = 0;
  let pumping = false;

  const forget = (member: Member) => {
    queues[member.place]?.delete(member);
    member.place = -1;
  };
  const first = () =>
    queues
      .find((queue) => queue.size > 0)
      ?.values()
      .next().value;

  async function pump() {
    if (pumping) return;
    pumping = true;
    while (!signal.aborted && running < atOnce) {
      const next = first();
      if (next === undefined) break;
      const waitMs = Math.max(heldUntil - Date.now(), 0) || (await taken(next.place));
      if (waitMs > 0) {
        await pause(waitMs, signal);
        continue;
      }
      // Somebody more urgent may have come meanwhile; a turn taken for nobody is lost, no more.
      const member = first();
      if (member === undefined || signal.aborted) continue;
      forget(member);
      running += 1;
      void open(member).finally(() => {
        running -= 1;
        void pump();
      });
    }
    pumping = false;
  }

  // A store that cannot be asked is no reason to stop listening to chats: ask it again in a second.
  const taken = (priority: number) => take(priority).catch(() => 1_000);

  return {
    ask(member, priority) {
      if (member.place >= 0 && member.place <= priority) return;
      forget(member);
      member.place = priority;
      queues[priority]?.add(member);
      void pump();
    },
    forget,
    hold(ms) {
      heldUntil = Math.max(heldUntil, Date.now() + ms);
    },
    waiting: () => queues.reduce((sum, queue) => sum + queue.size, 0),
    running: () => running,
  };
}

/** A quota of this process alone; several holders share one through the state store instead. */
export function tokenBucket(perSecond: number, burst: number): TakeTurn {
  let tokens = burst;
  let filledAt = performance.now();
  return async () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    if (tokens < 1) return Math.max(((1 - tokens) / perSecond) * 1_000, 1);
    tokens -= 1;
    return 0;
  };
}
