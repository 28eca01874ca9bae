/**
 * Every reason for which the holder looks again at what it should hold. A closed list, so that a
 * log line can be searched for in the source.
 */
export const wakeReasons = [
  "started",
  "contact-opened",
  "contact-ended",
  "lease-gained",
  "lease-lost",
  "time-to-look",
] as const;

/** Why the holder looks again. */
export type WakeReason = (typeof wakeReasons)[number];

/** What asking for a socket needs to know of the reason: what it is to be weighed as. */
interface Renewal {
  /** The socket that is there is of no use any more. */
  readonly drops: boolean;
  /** It was nobody's plan: too many of these in a row are answered by waiting longer. */
  readonly counts: boolean;
}

/** Every reason for which a contact needs a socket, or another one. */
export const renewals = {
  "contact-opened": { drops: false, counts: false },
  "life-spent": { drops: false, counts: false },
  "socket-closed": { drops: true, counts: true },
  "heartbeat-missed": { drops: true, counts: true },
  // A transcript was refused with a token just given: another socket comes with another token.
  "credentials-refused": { drops: true, counts: true },
  "edge-trouble": { drops: true, counts: true },
} as const satisfies Readonly<Record<string, Renewal>>;

/** Why a contact needs a socket. */
export type RenewalReason = keyof typeof renewals;

/** What to do about an attempt that came to nothing. */
interface Remedy {
  /** `end`: the chat is over. `stop`: nobody wants the socket any more. */
  readonly next: "again" | "again-later" | "everybody-later" | "end" | "stop";
}

/** Every way in which opening a socket comes to nothing, and whether to come back. */
export const setbacks = {
  // CreateParticipantConnection answers 403 once the chat is over; chatjs concludes the same
  // (LpcConnectionHelper).
  denied: { next: "end" },
  // A quota is shared by all contacts: whoever comes next would be throttled too.
  throttled: { next: "everybody-later" },
  unavailable: { next: "again-later" },
  // A URL works for 85 s, or was refused at the door: another one may work at once.
  "url-spent": { next: "again" },
  "url-not-allowed": { next: "again-later" },
  "not-subscribed": { next: "again-later" },
  "edge-trouble": { next: "again-later" },
  stopped: { next: "stop" },
} as const satisfies Readonly<Record<string, Remedy>>;

/** Why there is no socket after all. */
export type SetbackCode = keyof typeof setbacks;

/** Opening a socket came to nothing; `code` is a line of the table of setbacks. */
export class Setback extends Error {
  override readonly name = "Setback";
  readonly code: SetbackCode;

  constructor(code: SetbackCode, options: { cause?: unknown } = {}) {
    super(`no socket: ${code}`, { cause: options.cause });
    this.code = code;
  }
}
