import type { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";
import type { ContactBook } from "@holdline/connect";
import type { Ingress } from "@holdline/runtime";
import type { Dial } from "./dial.ts";
import type { Lease } from "./lease.ts";
import type { TakeTurn } from "./opener.ts";

/** Where the holder says what it does: contact ids and codes, never a text, a token or a number. */
export interface HolderLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

/** What a holder needs, and how patient it is. */
export interface HolderOptions {
  readonly participant: Pick<ConnectParticipantClient, "send">;
  readonly book: ContactBook;
  readonly ingress: Ingress;
  readonly lease: Lease;
  readonly log: HolderLog;
  /** How long an item waits for one said before it. Default 300. */
  readonly holdBackMs?: number | undefined;
  /** Life of a socket before it is replaced, at most. Default 59 minutes. */
  readonly lifeMs?: number | undefined;
  /** Default 10 seconds. */
  readonly heartbeatMs?: number | undefined;
  /** Default 6, the quota of an instance. Not divided by `speed`: a quota is the service's. */
  readonly connectsPerSecond?: number | undefined;
  /** How many connections may be asked for at once after a quiet time. Default 9, as the quota. */
  readonly connectsBurst?: number | undefined;
  /** A quota shared with other holders, in place of the two above. */
  readonly takeTurn?: TakeTurn | undefined;
  /** How many sockets may be on their way at the same time. Default 100. */
  readonly connectsAtOnce?: number | undefined;
  /** How often the book is read as a whole, besides when woken. Default 30 seconds. */
  readonly lookEveryMs?: number | undefined;
  /** How long contacts are offered to other holders before they are let go all the same. Default 100 seconds. */
  readonly handOverMs?: number | undefined;
  /** How long a drain waits for what cannot be admitted. Default 8 seconds. */
  readonly drainMs?: number | undefined;
  /** Divides lives and waits. Default 1. */
  readonly speed?: number | undefined;
  readonly dial?: Dial | undefined;
}

/** What happened since the holder started. */
export interface Counts {
  admitted: number;
  /** Told again by a second socket or a transcript, and known. */
  repeated: number;
  /** Came after something that was said later. */
  late: number;
  unreadable: number;
  oddMarkers: number;
  admissionsRetried: number;
  opened: number;
  rotated: number;
  lost: number;
  heartbeatsMissed: number;
  throttled: number;
  transcripts: number;
  transcriptsRefused: number;
  endedWhileAway: number;
  /** Deep heartbeats answered with anything but 200. */
  unhealthyPings: number;
}

/** What the holder holds, and what happened since it started. */
export interface HolderStats extends Readonly<Counts> {
  /** Contacts that should have a socket here. */
  readonly wanted: number;
  readonly open: number;
  /** Being opened now. */
  readonly connecting: number;
  /** Waiting for their turn. */
  readonly waiting: number;
}

/** Nothing happened yet. */
export const noCounts = (): Counts => ({
  admitted: 0,
  repeated: 0,
  late: 0,
  unreadable: 0,
  oddMarkers: 0,
  admissionsRetried: 0,
  opened: 0,
  rotated: 0,
  lost: 0,
  heartbeatsMissed: 0,
  throttled: 0,
  transcripts: 0,
  transcriptsRefused: 0,
  endedWhileAway: 0,
  unhealthyPings: 0,
});
