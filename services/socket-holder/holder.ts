import type { ListedContact } from "@holdline/connect";
import { dialler } from "./dial.ts";
import { tokenBucket } from "./opener.ts";
import { type HolderOptions, type HolderStats, noCounts } from "./options.ts";
import type { WakeReason } from "./reasons.ts";
import { isSettled, receiver } from "./receiver.ts";
import { type Session, sessions } from "./session.ts";
import { pause, timingsAt } from "./timings.ts";

/** Holds the sockets of open contacts and publishes what it hears. */
export interface SocketHolder {
  /** Resolves when `signal` has aborted and everything heard is admitted. */
  run(signal: AbortSignal): Promise<void>;
  /** Something may have changed: for one contact, or for any. */
  wake(reason: WakeReason, contactId?: string): void;
  stats(): HolderStats;
}

/** How many contacts are asked about at the same time. */
const abreast = 50;
/** How often it is looked who listens to what was offered. */
const handOverLookMs = 250;

/**
 * One loop that makes what is so what should be: every open contact whose lease is ours has a
 * socket, and no other.
 *
 * It is woken by a closed list of reasons and decides nothing about conversations: what is said in a
 * chat goes to the ingress, in order and once, and everything else follows from there. A chat that
 * ended is forgotten, after its end was admitted.
 */
export function socketHolder(options: HolderOptions): SocketHolder {
  const { book, lease, log, holdBackMs = 300, speed = 1 } = options;
  const timings = timingsAt(speed, options);
  const lookEveryMs = (options.lookEveryMs ?? 30_000) / speed;
  const held = new Map<string, Session>();
  const counts = noCounts();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  /** It will go: nothing new is begun, and what is there is listened to until somebody else does. */
  let leaving = false;
  /** Contacts to look at; nothing in particular means all of them. */
  let lookAt: Set<string> | "all" = "all";
  let awake = () => {};

  const ears = receiver({ ...options, holdBackMs, counts, ended, givingUp: givingUp.signal });
  const all = sessions({
    ...options,
    dial: options.dial ?? dialler(),
    receiver: ears,
    timings,
    takeTurn:
      options.takeTurn ?? tokenBucket(options.connectsPerSecond ?? 6, options.connectsBurst ?? 9),
    connectsAtOnce: options.connectsAtOnce ?? 100,
    counts,
    listening(contactId) {
      lease.ready(contactId).catch(() => log.warn({ contactId }, "could not say that it listens"));
    },
    gone: (contactId) => letGo(contactId),
    signal: stopping.signal,
    givingUp: givingUp.signal,
  });

  function ended(contactId: string) {
    log.info({ contactId }, "chat ended");
    letGo(contactId);
  }

  /** The contact is over: nobody needs its lease either. */
  function letGo(contactId: string) {
    forget(contactId);
    lease.release(contactId).catch(() => log.warn({ contactId }, "could not release the lease"));
  }

  function forget(contactId: string) {
    const session = held.get(contactId);
    held.delete(contactId);
    if (session) all.close(session);
  }

  async function look() {
    const which = lookAt;
    lookAt = new Set();
    try {
      if (which === "all") await lookAtAll();
      else for (const contactId of which) await lookAtOne(contactId);
    } catch (error) {
      log.warn({ error: error instanceof Error ? error.name : "unknown" }, "could not look");
      lookAt = "all";
      await pause(timings.renewMs, stopping.signal);
      awake();
    }
  }

  async function lookAtAll() {
    const listed = await book.all();
    const open = listed.filter(({ heardBy }) => heardBy !== "streaming").sort(urgentFirst);
    const ids = new Set(open.map(({ contactId }) => contactId));
    for (let from = 0; from < open.length && !leaving; from += abreast)
      await Promise.all(open.slice(from, from + abreast).map(settle));
    // One that came while the book was read is not in that list.
    for (const [contactId, session] of held)
      if (!ids.has(contactId) && !session.opening && !(await book.of(contactId))) forget(contactId);
  }

  async function lookAtOne(contactId: string) {
    const contact = await book.of(contactId);
    if (contact === undefined) return forget(contactId);
    const { conversationId, heardBy = "socket" } = contact;
    if (heardBy === "streaming") return;
    if (held.has(contactId) && (await lease.holds(contactId))) return;
    const heard = await book.heard(contactId);
    await settle({ contactId, conversationId, heardBy, ...heard });
  }

  async function settle(contact: ListedContact) {
    const { contactId } = contact;
    const ours = await lease.holds(contactId);
    const session = held.get(contactId);
    if (ours && !session && !leaving) held.set(contactId, all.begin(contact));
    if (ours || !session) return;
    log.info({ contactId }, "lease lost");
    // What was heard so far is let in all the same: whoever else heard it gave it the same ids.
    ears.flush(session);
    forget(contactId);
  }

  /** Others open their sockets at the quota's pace; until then ours stay: what both hear is let in once. */
  async function handOver() {
    const deadline = performance.now() + (options.handOverMs ?? 100_000) / speed;
    while (held.size > 0 && performance.now() < deadline) {
      const others = await lease.offer().catch(() => false);
      if (!others) return;
      for (const contactId of await lease.taken([...held.keys()]).catch(() => [])) {
        log.info({ contactId }, "handed over");
        const session = held.get(contactId);
        if (session) ears.flush(session);
        forget(contactId);
      }
      await pause(handOverLookMs, stopping.signal);
    }
  }

  async function drain() {
    log.info({ held: held.size }, "draining");
    stopping.abort();
    all.stop();
    const last = [...held.values()];
    for (const session of last) all.close(session);
    const deadline = setTimeout(() => givingUp.abort(), options.drainMs ?? 8_000);
    // Items already under way come before the other side's good-bye.
    await until(
      () => last.every(({ socket }) => !socket || socket.readyState === socket.CLOSED),
      1_000,
    );
    for (const { socket } of last) socket?.terminate();
    await until(
      () => last.map(isThrough).every((through) => through) || givingUp.signal.aborted,
      Number.POSITIVE_INFINITY,
    );
    clearTimeout(deadline);
    ears.stop();
    for (let from = 0; from < last.length; from += abreast)
      await Promise.allSettled(
        last.slice(from, from + abreast).map(({ contactId }) => lease.release(contactId)),
      );
    held.clear();
  }

  /** Nothing heard is left to let in. Without a socket, the rest is for whoever reads the transcript next. */
  function isThrough(session: Session) {
    ears.flush(session);
    return isSettled(session) || (session.reading && session.socket === undefined);
  }

  return {
    async run(signal) {
      const onAbort = () => {
        leaving = true;
        awake();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      while (!signal.aborted) {
        await look();
        const nothingToDo = lookAt !== "all" && lookAt.size === 0;
        if (nothingToDo && !signal.aborted)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(() => {
              lookAt = "all";
              resolve();
            }, lookEveryMs);
            awake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
      }
      await handOver();
      await drain();
    },
    wake(reason, contactId) {
      log.info({ reason, contactId }, "woken");
      if (contactId === undefined) lookAt = "all";
      else if (lookAt !== "all") lookAt.add(contactId);
      awake();
    },
    stats: () => ({
      ...counts,
      wanted: held.size,
      open: [...held.values()].filter(({ socket }) => socket?.readyState === socket?.OPEN).length,
      connecting: all.running(),
      waiting: all.waiting(),
    }),
  };
}

/** Those with an agent, then those heard last; a new contact was heard never, and is the most urgent of all. */
function urgentFirst(a: ListedContact, b: ListedContact) {
  if (a.withAgent !== b.withAgent) return a.withAgent ? -1 : 1;
  return (b.lastItemAt ?? "~") < (a.lastItemAt ?? "~") ? -1 : 1;
}

/** Looks again and again until something is so, or time is up. Only for the end of a process. */
async function until(isSo: () => boolean, mostMs: number) {
  const deadline = performance.now() + mostMs;
  while (!isSo() && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
