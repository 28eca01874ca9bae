import { randomBytes, randomUUID } from "node:crypto";
import { ACCOUNT, lastPart, REGION } from "../identity.ts";
import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";
import type { Timer, Timers } from "../timers.ts";
import type { MessageAttributes, QueuedMessage } from "./message.ts";

/** A queue and the attributes it was given. */
export interface QueueRecord {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** A message to be put in a queue. */
export interface Outgoing {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string;
  readonly delayMs?: number;
}

/** What a receiver gets. */
export interface Received {
  readonly message: QueuedMessage;
  readonly handle: string;
}

/** The standard queues. Visibility runs in real time whatever the speed: it is the consumer's own clock. */
export interface QueueStore {
  find(nameOrUrl: string): QueueRecord | undefined;
  all(): Iterable<QueueRecord>;
  save(queue: QueueRecord): void;
  drop(name: string): void;
  send(queue: string, outgoing: Outgoing): QueuedMessage;
  /** Up to `max` messages now, hidden from others for that long. */
  take(queue: string, max: number, hideMs: number): Received[];
  /** Resolves when there may be something to take, or when the time or the client is gone. */
  arrival(queue: string, waitMs: number, signal: AbortSignal): Promise<void>;
  /** False for what was never a handle. A message that is gone already is deleted all the same. */
  remove(handle: string): boolean;
  hide(handle: string, hideMs: number): "hidden" | "not-in-flight" | "no-handle";
  counts(queue: string): {
    readonly visible: number;
    readonly hidden: number;
    readonly delayed: number;
  };
  purge(queue: string): void;
}

type Line = { ready: string[]; head: number; messages: Set<string>; waiting: Set<() => void> };

/** The queues, kept in the journal with all their messages. */
export function queueStore(journal: Journal, timers: Timers): QueueStore {
  const records = table<QueueRecord>(journal, "sqs-queue");
  const messages = table<QueuedMessage>(journal, "sqs-message");
  const lines = new Map<string, Line>();
  const wakes = new Map<string, Timer>();
  let seq = 0;

  const lineOf = (queue: string): Line => {
    let line = lines.get(queue);
    if (!line) {
      line = { ready: [], head: 0, messages: new Set(), waiting: new Set() };
      lines.set(queue, line);
    }
    return line;
  };
  const ready = (message: QueuedMessage) => {
    wakes.delete(message.id);
    const line = lineOf(message.queue);
    line.ready.push(message.id);
    const [wake] = line.waiting;
    if (wake) wake();
  };
  const place = (message: QueuedMessage) => {
    lineOf(message.queue).messages.add(message.id);
    wakes.get(message.id)?.cancel();
    if (message.visibleAt <= Date.now()) return ready(message);
    const wake = timers.at(message.visibleAt, () => {
      const now = messages.get(message.id);
      if (now) ready(now);
    });
    wakes.set(message.id, wake);
  };
  const forget = (message: QueuedMessage) => {
    wakes.get(message.id)?.cancel();
    wakes.delete(message.id);
    lineOf(message.queue).messages.delete(message.id);
    messages.remove(message.id);
  };
  const put = (message: QueuedMessage) => {
    messages.put(message.id, message);
    place(message);
  };
  const deadLetterQueue = (message: QueuedMessage): string | undefined => {
    const policy = records.get(message.queue)?.attributes.RedrivePolicy;
    if (!policy) return undefined;
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
    const target = lastPart(String(deadLetterTargetArn));
    return message.receives >= Number(maxReceiveCount) && records.get(target) ? target : undefined;
  };

  const loaded = [...messages.values()].sort((a, b) => a.seq - b.seq);
  for (const message of loaded) {
    seq = Math.max(seq, message.seq);
    place(message);
  }

  const store: QueueStore = {
    find: (nameOrUrl) => records.get(lastPart(nameOrUrl)),
    all: () => records.values(),
    save: (queue) => records.put(queue.name, queue),
    drop(name) {
      store.purge(name);
      records.remove(name);
      lines.delete(name);
    },
    send(queue, { body, attributes, groupId, delayMs = 0 }) {
      const now = Date.now();
      const message: QueuedMessage = {
        id: randomUUID(),
        queue,
        seq: ++seq,
        body,
        ...(attributes && Object.keys(attributes).length > 0 && { attributes }),
        ...(groupId !== undefined && { groupId }),
        sentAt: now,
        visibleAt: now + delayMs,
        receives: 0,
      };
      put(message);
      return message;
    },
    take(queue, max, hideMs) {
      const line = lineOf(queue);
      const taken: Received[] = [];
      while (taken.length < max && line.head < line.ready.length) {
        const message = messages.get(line.ready[line.head++] ?? "");
        const now = Date.now();
        if (!message || message.visibleAt > now || wakes.has(message.id)) continue;
        const target = deadLetterQueue(message);
        if (target) {
          forget(message);
          put({ ...message, queue: target, receives: 0, visibleAt: now });
          continue;
        }
        const received = {
          ...message,
          receives: message.receives + 1,
          firstReceivedAt: message.firstReceivedAt ?? now,
          visibleAt: now + hideMs,
        };
        taken.push({ message: received, handle: handleOf(received) });
      }
      // After the loop, because a message hidden for no time at all is ready again at once.
      for (const { message } of taken) put(message);
      // A long list whose head was taken is cut now and then, not at every message.
      if (line.head > 1_024 && line.head * 2 > line.ready.length) {
        line.ready = line.ready.slice(line.head);
        line.head = 0;
      }
      return taken;
    },
    arrival(queue, waitMs, signal) {
      const { waiting } = lineOf(queue);
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(done);
          timer.cancel();
          signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = timers.after(waitMs, done);
        waiting.add(done);
        signal.addEventListener("abort", done, { once: true });
      });
    },
    remove(handle) {
      const id = idIn(handle);
      if (id === undefined) return false;
      const message = messages.get(id);
      if (message) forget(message);
      return true;
    },
    hide(handle, hideMs) {
      const id = idIn(handle);
      if (id === undefined) return "no-handle";
      const message = messages.get(id);
      const now = Date.now();
      if (!message || message.receives === 0 || message.visibleAt <= now) return "not-in-flight";
      put({ ...message, visibleAt: now + hideMs });
      return "hidden";
    },
    counts(queue) {
      const counts = { visible: 0, hidden: 0, delayed: 0 };
      const now = Date.now();
      for (const id of lineOf(queue).messages) {
        const message = messages.get(id);
        if (!message) continue;
        if (message.visibleAt <= now) counts.visible++;
        else if (message.receives === 0) counts.delayed++;
        else counts.hidden++;
      }
      return counts;
    },
    purge(queue) {
      const line = lineOf(queue);
      for (const id of [...line.messages]) {
        const message = messages.get(id);
        if (message) forget(message);
      }
      line.ready = [];
      line.head = 0;
    },
  };
  return store;
}

/** The Amazon resource name of a queue. */
export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

function handleOf(message: QueuedMessage): string {
  return Buffer.from(
    `${message.id}:${message.receives}:${randomBytes(6).toString("hex")}`,
  ).toString("base64");
}

function idIn(handle: string): string | undefined {
  const [id, receives, nonce] = Buffer.from(handle, "base64").toString().split(":");
  return id?.length === 36 && receives && nonce ? id : undefined;
}
