import type { Duplex } from "node:stream";
import type { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";
import { type ContactBook, frames, type ListedContact, readFrame } from "@holdline/connect";
import WebSocket from "ws";
import { catchUp, readBeforeTheEnd } from "./catch-up.ts";
import { comesBackSoon } from "./close-codes.ts";
import type { Dial } from "./dial.ts";
import { type Given, handshake, text } from "./handshake.ts";
import { type Beating, heartbeats } from "./heartbeats.ts";
import { opener, type TakeTurn, type Waiting } from "./opener.ts";
import type { Counts, HolderLog } from "./options.ts";
import { type RenewalReason, renewals, Setback, setbacks } from "./reasons.ts";
import { type Receiver, type Reception, reception } from "./receiver.ts";
import { backoff, type Timings } from "./timings.ts";

/** One contact and its socket. Plain fields only: thousands of these are held. */
export interface Session extends Reception, Beating, Waiting {
  socket: WebSocket | undefined;
  /** What the socket writes to. */
  stream: Duplex | undefined;
  /** A socket is on its way, or waits for its turn. */
  opening: boolean;
  /** Sockets lost or not had in a row. */
  failures: number;
  renewAtMs: number;
  /** The last heartbeat has not been answered yet. */
  unanswered: boolean;
  /** Something may have been said that no socket brought: a transcript has to be read. */
  unheard: boolean;
  /** Counts transcripts begun: the answer to an older question is of no use. */
  reads: number;
  /** Nobody wants this session any more. */
  closed: boolean;
}

/** What sessions share. */
export interface SessionPorts {
  readonly participant: Pick<ConnectParticipantClient, "send">;
  readonly book: ContactBook;
  readonly dial: Dial;
  readonly receiver: Receiver;
  readonly timings: Timings;
  readonly takeTurn: TakeTurn;
  readonly connectsAtOnce: number;
  readonly counts: Counts;
  readonly log: HolderLog;
  /** The contact is listened to, after nobody of ours did. */
  readonly listening: (contactId: string) => void;
  /** The contact is not in the book any more: somebody else heard its end. */
  readonly gone: (contactId: string) => void;
  /** Aborts when no more sockets are to be opened. */
  readonly signal: AbortSignal;
  /** Aborts when nobody can wait for a transcript any longer. */
  readonly givingUp: AbortSignal;
}

/** Contacts quiet for longer than this get their socket back after the others. */
const livelyMs = 10 * 60_000;

/**
 * The life of one contact's socket: opened, beaten, replaced before its time is up, and come back
 * after a loss.
 *
 * A planned replacement leaves no gap: the second socket is subscribed before the first one closes,
 * and what both tell is told once. After a loss the transcript fills the gap before anything newer
 * is let through.
 */
export function sessions(ports: SessionPorts) {
  const { participant, book, dial, receiver, timings, counts, log, signal } = ports;
  const queue = opener<Session>(connect, ports.takeTurn, ports.connectsAtOnce, signal);
  const beats = heartbeats<Session>(timings.heartbeatMs, beat);

  function want(session: Session, reason: RenewalReason, soon = true) {
    const { drops, counts: unplanned } = renewals[reason];
    if (drops) drop(session);
    if (unplanned) {
      counts.lost += 1;
      session.failures += soon ? 1 : 2;
      log.info({ contactId: session.contactId, reason }, "socket lost");
    }
    // The service closes the sockets of a chat that ended, while its end may still be held back.
    const over = session.endHeard && !session.reading;
    if (over || session.closed || signal.aborted) return;
    if (!session.opening) return ask(session, reason === "life-spent", session.failures - 1);
    // Waiting for a planned replacement, and now without a socket: it becomes more urgent.
    if (session.place >= 0) queue.ask(session, urgencyOf(session));
  }

  /** Gets in line; after more than one failure only when some time has passed. */
  function ask(session: Session, planned: boolean, failures: number) {
    session.opening = true;
    const getInLine = () => {
      if (!session.closed) queue.ask(session, planned && session.socket ? 3 : urgencyOf(session));
    };
    if (failures < 1) return getInLine();
    setTimeout(getInLine, backoff(timings.renewMs, timings.renewMostMs, failures - 1)).unref();
  }

  function drop(session: Session) {
    const { socket } = session;
    session.socket = undefined;
    session.stream = undefined;
    session.unheard = true;
    beats.remove(session);
    socket?.terminate();
  }

  async function connect(session: Session) {
    try {
      const contact = await book.of(session.contactId);
      if (contact === undefined) return ports.gone(session.contactId);
      if (session.closed) return;
      await handshake({
        participant,
        participantToken: contact.participantToken,
        dial,
        timings,
        signal,
        subscribed: (socket, given) => adopt(session, socket, given),
      });
    } catch (error) {
      await comeBack(session, error instanceof Setback ? error : new Setback("unavailable"));
    }
  }

  /** Called between two frames: what listens from here on misses nothing. */
  function adopt(
    session: Session,
    socket: WebSocket,
    { credentials, socketExpires, stream }: Given,
  ) {
    session.opening = false;
    if (session.closed) return socket.close(1000);
    const old = session.socket;
    const noGap = old?.readyState === WebSocket.OPEN && !session.unheard;
    session.socket = socket;
    session.stream = stream;
    listen(session, socket);
    counts.opened += 1;
    session.renewAtMs = performance.now() + lifeOf(socketExpires);
    beats.add(session);
    sendBeat(session, socket);
    if (credentials)
      book.entrust(session.contactId, credentials).catch(() => {
        // Whoever needs one gets one for itself.
        log.warn({ contactId: session.contactId }, "could not keep the credentials");
      });
    if (noGap) {
      counts.rotated += 1;
      old.close(1000);
    } else {
      old?.terminate();
      ports.listening(session.contactId);
      void catchUp(session, credentials?.connectionToken, { ...ports, want });
    }
  }

  function listen(session: Session, socket: WebSocket) {
    socket.on("message", (data) => hear(session, socket, data.toString()));
    socket.on("close", (code) => {
      if (session.socket === socket && !session.closed)
        want(session, "socket-closed", comesBackSoon(code));
    });
  }

  function hear(session: Session, socket: WebSocket, frameText: string) {
    const frame = readFrame(frameText);
    switch (frame.frame) {
      case "heartbeat":
        if (session.socket === socket) session.unanswered = false;
        return;
      case "item":
        // A socket that was replaced is heard until it is closed; one that was given up is not: the
        // transcript knows better.
        if (session.socket !== undefined || session.closed) receiver.hear(session, frame.item);
        return;
      case "ping":
        if (!frame.healthy) counts.unhealthyPings += 1;
        return;
      case "trouble":
        if (session.socket === socket) want(session, "edge-trouble");
        return;
      case "unreadable":
        counts.unreadable += 1;
    }
  }

  function beat(session: Session, late: boolean) {
    const { socket } = session;
    // A socket that is closing says so itself.
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (session.unanswered && !late) {
      counts.heartbeatsMissed += 1;
      return want(session, "heartbeat-missed");
    }
    if (!session.unanswered && !session.unheard) session.failures = 0;
    sendBeat(session, socket);
    receiver.tidy(session);
    if (performance.now() >= session.renewAtMs && !session.opening) want(session, "life-spent");
  }

  function sendBeat(session: Session, socket: WebSocket) {
    session.unanswered = true;
    // Both in one write: a quarter less processor time for ten thousand sockets.
    session.stream?.cork();
    socket.send(frames.ping, text);
    socket.send(frames.heartbeat, text);
    session.stream?.uncork();
  }

  async function comeBack(session: Session, { code }: Setback) {
    const { next } = setbacks[code];
    const speaking = session.socket !== undefined && !session.unheard;
    if (next === "end" && !speaking) {
      counts.endedWhileAway += 1;
      log.info({ contactId: session.contactId }, "ended while nobody listened");
      return await readBeforeTheEnd(session, ports);
    }
    session.opening = false;
    if (next === "stop" || session.closed || signal.aborted) return;
    if (next === "end") {
      // The chat still speaks to us: its end, if it is one, comes that way. No second socket for now.
      session.renewAtMs = performance.now() + timings.leastLifeMs;
      return;
    }
    log.info({ contactId: session.contactId, code }, "no socket yet");
    if (next === "everybody-later") {
      counts.throttled += 1;
      queue.hold(timings.redialMs);
      return ask(session, speaking, 0);
    }
    session.failures += 1;
    ask(session, speaking, next === "again" ? session.failures - 1 : session.failures);
  }

  /** Spread over a tenth of the life, so that those opened together are not replaced together. */
  function lifeOf(socketExpires: string | undefined) {
    const spread = 1 - 0.1 * Math.random();
    const announcedMs = socketExpires ? Date.parse(socketExpires) - Date.now() : Number.NaN;
    const believed = announcedMs >= timings.leastLifeMs ? announcedMs * 0.95 : timings.lifeMs;
    return Math.min(timings.lifeMs, believed) * spread;
  }

  return {
    begin(contact: ListedContact): Session {
      const { contactId, conversationId, ...heard } = contact;
      const session: Session = {
        ...reception(contactId, conversationId, heard),
        slot: -1,
        place: -1,
        socket: undefined,
        stream: undefined,
        opening: false,
        failures: 0,
        renewAtMs: 0,
        unanswered: false,
        unheard: true,
        reads: 0,
        closed: false,
      };
      want(session, "contact-opened");
      return session;
    },
    /** Stops wanting a socket and says good-bye to the one there is. What is on its way is still heard. */
    close(session: Session) {
      session.closed = true;
      queue.forget(session);
      beats.remove(session);
      session.socket?.close(1000);
    },
    waiting: queue.waiting,
    running: queue.running,
    stop: beats.stop,
  };
}

/** Who has an agent goes first, then who is new or was heard lately; 3 is for planned replacements. */
function urgencyOf({ heard }: Session): 0 | 1 | 2 {
  if (heard.withAgent) return 0;
  const lively = heard.lastItemAt === null || Date.now() - Date.parse(heard.lastItemAt) < livelyMs;
  return lively ? 1 : 2;
}
