import {
  admissionId,
  type ChatItem,
  type ContactBook,
  endedWhileAway,
  endId,
  type HeardSoFar,
  isEnd,
  isHeard,
  isOddMarker,
  readItem,
} from "@holdline/connect";
import type { Draft } from "@holdline/events";
import type { Ingress } from "@holdline/runtime";
import { holdBack } from "./hold-back.ts";
import type { Counts, HolderLog } from "./options.ts";
import { backoff, pause } from "./timings.ts";

/** One item on its way to be admitted; without an item it is the end nobody heard. */
interface Held {
  readonly id: string;
  readonly atMs: number;
  readonly arrivedMs: number;
  readonly item: ChatItem | undefined;
}

/** What has been heard of one contact. Thousands of these exist: its lists do only while they are needed. */
export interface Reception {
  readonly contactId: string;
  readonly conversationId: string;
  heard: HeardSoFar;
  /** Heard and held back, by time. */
  held: Held[] | undefined;
  /** In order and to be admitted, one after the other. */
  ready: Held[] | undefined;
  /** Ids heard lately: two sockets and a transcript tell the same things. */
  recent: string[] | undefined;
  lastArrivalMs: number;
  /** A transcript is being read: what is heard meanwhile comes after it. */
  reading: boolean;
  /** Whether something is being admitted now. */
  admitting: boolean;
  /** The end was heard: it is admitted as soon as its time has come. */
  endHeard: boolean;
  /** The end was admitted. */
  ended: boolean;
}

/** What the receiver needs. */
export interface ReceiverOptions {
  readonly ingress: Ingress;
  readonly book: Pick<ContactBook, "advance" | "end">;
  readonly log: HolderLog;
  readonly holdBackMs: number;
  readonly counts: Counts;
  /** A contact ended: everything it said is admitted, and the book has forgotten it. */
  readonly ended: (contactId: string) => void;
  /** Aborts when nobody can wait any longer for what cannot be admitted. */
  readonly givingUp: AbortSignal;
}

/** How many ids are remembered of one contact, and for how long after it went quiet. */
const recentIds = 32;
const recentMs = 60_000;

/** A contact as it was heard so far, with nothing on its way. */
export const reception = (
  contactId: string,
  conversationId: string,
  heard: HeardSoFar,
): Reception => ({
  contactId,
  conversationId,
  heard,
  held: undefined,
  ready: undefined,
  recent: undefined,
  lastArrivalMs: 0,
  reading: false,
  admitting: false,
  endHeard: false,
  ended: false,
});

/** Puts what is heard in order, and lets each item in once. */
export type Receiver = ReturnType<typeof receiver>;

/**
 * From items, as they arrive, to events, as they were said.
 *
 * Connect does not keep the order of items on a socket. Each is held back for a moment, so that one
 * said earlier can still overtake it; what comes later than that is late, not lost. Items of a
 * contact are admitted one after the other, each until it is durable, and only then is the place in
 * the chat moved on in the book: after a crash the rest is read again, under the same ids.
 */
export function receiver({
  ingress,
  book,
  log,
  holdBackMs,
  counts,
  ended,
  givingUp,
}: ReceiverOptions) {
  const waiting = holdBack<Reception>(holdBackMs, release);

  function accept(to: Reception, item: ChatItem, arrivedMs: number): boolean {
    const atMs = Date.parse(item.AbsoluteTime);
    if (Number.isNaN(atMs)) {
      counts.unreadable += 1;
      return false;
    }
    const id = admissionId(item, to.contactId);
    if (to.recent?.includes(id)) {
      counts.repeated += 1;
      return false;
    }
    to.recent ??= [];
    to.recent.push(id);
    if (to.recent.length > recentIds) to.recent.shift();
    hold(to, { id, atMs, arrivedMs, item });
    if (isEnd(item)) to.endHeard = true;
    return true;
  }

  function hold(to: Reception, entry: Held) {
    to.held ??= [];
    let at = to.held.length;
    while (at > 0 && isBefore(entry, to.held[at - 1])) at--;
    to.held.splice(at, 0, entry);
  }

  /** Lets go of what has been held back long enough, and of all that was said before it. */
  function release(to: Reception, beforeMs: number) {
    if (to.held === undefined || to.reading) return;
    const last = to.held.findLastIndex((entry) => entry.arrivedMs <= beforeMs);
    if (last < 0) return;
    const through = to.held.splice(0, last + 1);
    if (to.held.length === 0) to.held = undefined;
    if (to.ready === undefined) to.ready = through;
    else to.ready.push(...through);
    void admitReady(to);
  }

  async function admitReady(to: Reception) {
    if (to.admitting) return;
    to.admitting = true;
    try {
      for (let entry = to.ready?.[0]; entry; entry = to.ready?.[0]) {
        await admit(to, entry);
        to.ready?.shift();
        if (to.ready?.length === 0) await settleUp(to);
      }
    } catch (error) {
      // Only giving up ends here: the book still points before what was not admitted.
      log.warn({ contactId: to.contactId, error: nameOf(error) }, "gave up admitting");
    } finally {
      to.admitting = false;
    }
  }

  async function admit(to: Reception, entry: Held) {
    const draft = draftOf(to, entry);
    if (draft === undefined) return;
    const admitted = await untilDone(to, () => ingress.admit("connect", entry.id, draft));
    if (admitted === "new") counts.admitted += 1;
    const late = to.heard.lastItemAt !== null && entry.atMs < Date.parse(to.heard.lastItemAt);
    // Read again from before the place reached, and known: nothing to learn from it.
    if (late && admitted === "seen") return;
    if (late) counts.late += 1;
    to.heard = heardAfter(to.heard, draft, late ? undefined : entry);
    if (draft.type === "chat.ended") to.ended = true;
  }

  /** Nothing is left to admit for now: remember how far the contact was heard, or forget it. */
  async function settleUp(to: Reception) {
    if (to.ended) {
      if (to.held !== undefined) return release(to, Number.POSITIVE_INFINITY);
      await untilDone(to, () => book.end(to.contactId));
      to.ready = undefined;
      return ended(to.contactId);
    }
    // Failing costs nothing but reading some items twice, and the next one says it again.
    await book.advance(to.contactId, to.heard).catch((error) => {
      log.warn({ contactId: to.contactId, error: nameOf(error) }, "could not move on in the book");
    });
    if (to.ready?.length === 0) to.ready = undefined;
  }

  function draftOf(to: Reception, { item, atMs }: Held): Draft | undefined {
    const { contactId, conversationId, heard } = to;
    const context = { contactId, conversationId, queuedBefore: heard.queued };
    if (item === undefined) return endedWhileAway(context, new Date(atMs));
    try {
      if (isOddMarker(item)) {
        counts.oddMarkers += 1;
        log.warn({ contactId: to.contactId, item: item.Id }, "a queue marker cannot be read");
      }
      return readItem(item, context);
    } catch (error) {
      // An item that does not fit its event must not keep back those after it.
      counts.unreadable += 1;
      log.warn(
        { contactId: to.contactId, item: item.Id, error: nameOf(error) },
        "an item cannot be read",
      );
      return undefined;
    }
  }

  /** Trouble in the store delays a contact and never skips anything. */
  async function untilDone<Answer>(to: Reception, act: () => Promise<Answer>): Promise<Answer> {
    for (let failures = 0; ; failures++) {
      try {
        return await act();
      } catch (error) {
        if (givingUp.aborted) throw error;
        if (failures === 0)
          log.warn({ contactId: to.contactId, error: nameOf(error) }, "cannot admit yet");
        counts.admissionsRetried += 1;
        await pause(backoff(100, 5_000, failures), givingUp);
      }
    }
  }

  return {
    /** An item from a socket. */
    hear(to: Reception, item: ChatItem) {
      if (to.ended || !isHeard(item)) return;
      const now = performance.now();
      to.lastArrivalMs = now;
      if (accept(to, item, now)) waiting.add(to, now);
    },
    /** A transcript is about to be read: keeps what is heard from now on until `merge`. */
    holdAll(to: Reception) {
      to.reading = true;
    },
    /** The transcript, or as much of it as could be had: in its place among what was heard since. */
    merge(to: Reception, items: readonly ChatItem[]) {
      for (const item of items) if (isHeard(item)) accept(to, item, Number.NEGATIVE_INFINITY);
      to.reading = false;
      release(to, performance.now() - holdBackMs);
    },
    /** The chat is over and its last item was not heard: says so after everything else. */
    endUnheard(to: Reception) {
      if (to.endHeard) return flush(to);
      to.endHeard = true;
      const lastMs = to.held?.at(-1)?.atMs ?? to.ready?.at(-1)?.atMs;
      const heardMs = lastMs ?? (to.heard.lastItemAt ? Date.parse(to.heard.lastItemAt) : 0);
      const atMs = Math.max(Date.now(), heardMs + 1);
      hold(to, { id: endId(to.contactId), atMs, arrivedMs: 0, item: undefined });
      flush(to);
    },
    flush,
    /** Forgets ids nobody will repeat any more. To be called now and then. */
    tidy(to: Reception) {
      if (to.recent && !to.held && !to.ready && performance.now() - to.lastArrivalMs > recentMs)
        to.recent = undefined;
    },
    stop: () => waiting.stop(),
  };

  function flush(to: Reception) {
    release(to, Number.POSITIVE_INFINITY);
  }
}

/** Whether everything heard of a contact is admitted. */
export const isSettled = (of: Reception): boolean =>
  !of.admitting && of.ready === undefined && of.held === undefined && !of.reading;

// AbsoluteTime has milliseconds and the id decides between two of the same one (chatjs, README).
const isBefore = (a: Held, b: Held | undefined) =>
  b !== undefined && (a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id));

/** How far the contact was heard, after one more event. A late one does not take the place back. */
export function heardAfter(
  before: HeardSoFar,
  draft: Draft,
  entry: Pick<Held, "id" | "atMs"> | undefined,
): HeardSoFar {
  const role = (draft.data as { readonly role?: string }).role;
  return {
    lastItemId: entry ? entry.id : before.lastItemId,
    lastItemAt: entry ? new Date(entry.atMs).toISOString() : before.lastItemAt,
    queued: before.queued || draft.type === "chat.queued",
    withAgent: role === "AGENT" ? draft.type !== "chat.left" : before.withAgent,
  };
}

/** What kind of error it was. Its message may carry what a log must not. */
const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
