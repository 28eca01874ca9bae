/**
 * How long things take on the customer's side of a Connect chat.
 *
 * The numbers are those of the official client (amazon-connect-chatjs 5.0.0, websocket manager)
 * unless said otherwise: the service was built against it.
 */
export const protocol = {
  heartbeatMs: 10_000,
  /** One minute before the service ends a socket. */
  lifeMs: 59 * 60_000,
  /** A life shorter than this is not believed (MIN_WEBSOCKET_LIFETIME_MS). */
  leastLifeMs: 300_000,
  /** The service says 100 s. */
  urlUsableMs: 85_000,
  /** Between attempts to open the same URL; doubles, with 30 % of jitter. */
  redialMs: 1_000,
  redialJitter: 0.3,
  /** Chatjs waits 1 s for a socket to open. A restart opens thousands, at some 800 TLS handshakes a second. */
  dialMs: 5_000,
  /** Without an answer to a subscription it is sent again, three times. */
  subscribeAnswerMs: 1_000,
  subscribeUnanswered: 3,
  /** A refused subscription is repeated, five refusals are the end of it. */
  subscribeRetryMs: 500,
  subscribeRefusals: 5,
  /** Between attempts to get a new URL; doubles up to the maximum. */
  renewMs: 2_000,
  renewMostMs: 30_000,
} as const;

/** The waits of one holder, divided by `speed`; what the other side needs to answer is not divided. */
export interface Timings {
  readonly heartbeatMs: number;
  readonly lifeMs: number;
  readonly leastLifeMs: number;
  readonly urlUsableMs: number;
  readonly redialMs: number;
  readonly subscribeRetryMs: number;
  readonly renewMs: number;
  readonly renewMostMs: number;
}

/** The waits of one holder at one speed. */
export function timingsAt(
  speed: number,
  asked: { readonly heartbeatMs?: number | undefined; readonly lifeMs?: number | undefined } = {},
): Timings {
  const { heartbeatMs = protocol.heartbeatMs, lifeMs = protocol.lifeMs } = asked;
  return {
    // A beat that is unanswered at the next one costs the socket: below a second, a busy process
    // would lose sockets to its own lateness.
    heartbeatMs: Math.max(heartbeatMs / speed, Math.min(heartbeatMs, 1_000)),
    lifeMs: lifeMs / speed,
    leastLifeMs: protocol.leastLifeMs / speed,
    urlUsableMs: protocol.urlUsableMs / speed,
    redialMs: protocol.redialMs / speed,
    subscribeRetryMs: protocol.subscribeRetryMs / speed,
    renewMs: protocol.renewMs / speed,
    renewMostMs: protocol.renewMostMs / speed,
  };
}

/** A wait that doubles with every failure up to `mostMs`, spread by 30 % so that many do not come back together. */
export const backoff = (firstMs: number, mostMs: number, failures: number): number =>
  Math.min(firstMs * 2 ** Math.min(failures, 30), mostMs) *
  (1 + protocol.redialJitter * (2 * Math.random() - 1));

/** Waits, or stops waiting when `signal` aborts. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
