import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ConnectParticipantClient,
  CreateParticipantConnectionCommand,
} from "@aws-sdk/client-connectparticipant";
import { type ConnectionCredentials, frames, readFrame, troubleOf } from "@holdline/connect";
import type WebSocket from "ws";
import type { Dial } from "./dial.ts";
import { Setback, type SetbackCode } from "./reasons.ts";
import { backoff, pause, protocol, type Timings } from "./timings.ts";

/** What opening a socket takes. */
export interface HandshakeOptions {
  readonly participantToken: string;
  readonly participant: Pick<ConnectParticipantClient, "send">;
  readonly dial: Dial;
  readonly timings: Timings;
  readonly signal: AbortSignal;
  /**
   * Takes the socket over, in the very moment it is subscribed: what follows the subscription in
   * the same packet is heard by whoever listens then.
   */
  readonly subscribed: (socket: WebSocket, given: Given) => void;
}

/** What CreateParticipantConnection gave along with the socket. */
export interface Given {
  readonly credentials: ConnectionCredentials | undefined;
  /** What the socket writes to. */
  readonly stream: Duplex;
  /** When a new URL is to be fetched, by the service's account. */
  readonly socketExpires: string | undefined;
}

/**
 * From a participant's token to an open and subscribed socket, or a `Setback` that says whether to
 * come back.
 *
 * It remembers nothing. It asks for one URL and uses that for as long as it is good; no socket it
 * has begun to open stays open when it fails, since a participant may have five at most.
 */
export async function handshake(options: HandshakeOptions): Promise<void> {
  const { timings, signal, dial } = options;
  const { url, given } = await connectionFor(options);
  const usableUntil = Date.now() + timings.urlUsableMs;
  for (let failures = 0; ; failures++) {
    if (signal.aborted) throw new Setback("stopped");
    const socket = dial(url);
    // Whatever happens to a socket is told by its close; without a listener an error ends the process.
    socket.on("error", ignore);
    try {
      const stream = await opened(socket, signal);
      await subscription(socket, timings, signal, () =>
        options.subscribed(socket, { ...given, stream }),
      );
      return;
    } catch (error) {
      socket.terminate();
      if (error instanceof Setback) throw error;
      const waitMs = backoff(timings.redialMs, timings.urlUsableMs, failures);
      if (Date.now() + waitMs > usableUntil) throw new Setback("url-spent", { cause: error });
      await pause(waitMs, signal);
    }
  }
}

async function connectionFor({ participant, participantToken, signal }: HandshakeOptions) {
  try {
    const answer = await participant.send(
      new CreateParticipantConnectionCommand({
        ParticipantToken: participantToken,
        Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
      }),
      { abortSignal: signal },
    );
    const url = answer.Websocket?.Url;
    const { ConnectionToken: connectionToken, Expiry: expires } =
      answer.ConnectionCredentials ?? {};
    if (url === undefined) throw new Setback("unavailable");
    const credentials =
      connectionToken === undefined || expires === undefined
        ? undefined
        : { connectionToken, expires };
    return { url, given: { credentials, socketExpires: answer.Websocket?.ConnectionExpiry } };
  } catch (error) {
    if (signal.aborted) throw new Setback("stopped");
    if (error instanceof Setback) throw error;
    throw new Setback(answers[troubleOf(error)], { cause: error });
  }
}

const answers = {
  denied: "denied",
  throttled: "throttled",
  "too-many-chats": "throttled",
  "not-valid": "unavailable",
  unavailable: "unavailable",
} as const satisfies Record<ReturnType<typeof troubleOf>, SetbackCode>;

/** Resolves when the socket is open. Rejects with a `Setback` when trying the same URL again is no use. */
function opened(socket: WebSocket, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let stream: Duplex | undefined;
    const settle = (error?: Error) => {
      socket.off("open", onOpen).off("close", onClose).off("upgrade", onUpgrade);
      socket.off("unexpected-response", onRefused);
      signal.removeEventListener("abort", onAbort);
      if (error || stream === undefined) reject(error);
      else resolve(stream);
    };
    const onUpgrade = (response: IncomingMessage) => {
      stream = response.socket;
    };
    const onOpen = () => settle();
    const onClose = (code: number) => settle(new Error(`closed with ${code} while opening`));
    const onRefused = (_request: unknown, response: { readonly statusCode?: number }) => {
      const { statusCode = 0 } = response;
      // The door does not like this URL, and will not like it better in a second.
      const spent = statusCode >= 400 && statusCode < 500 && statusCode !== 429;
      settle(spent ? new Setback("url-spent") : new Error(`refused with ${statusCode}`));
    };
    const onAbort = () => settle(new Setback("stopped"));
    socket.on("open", onOpen).on("close", onClose).on("upgrade", onUpgrade);
    socket.on("unexpected-response", onRefused);
    signal.addEventListener("abort", onAbort);
  });
}

/** Subscribes to the chat, and calls `subscribed` before the next frame is read. */
function subscription(
  socket: WebSocket,
  timings: Timings,
  signal: AbortSignal,
  subscribed: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let refusals = 0;
    let unanswered = 0;
    let timer: NodeJS.Timeout | undefined;

    const settle = (setback?: SetbackCode) => {
      clearTimeout(timer);
      socket.off("message", onMessage).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      if (setback) return reject(new Setback(setback));
      subscribed();
      resolve();
    };
    const ask = () => {
      socket.send(frames.subscribe, text);
      timer = setTimeout(onSilence, protocol.subscribeAnswerMs);
    };
    const onSilence = () => {
      unanswered += 1;
      if (unanswered > protocol.subscribeUnanswered) settle("not-subscribed");
      else ask();
    };
    const onRefusal = () => {
      clearTimeout(timer);
      refusals += 1;
      if (refusals >= protocol.subscribeRefusals) settle("not-subscribed");
      else timer = setTimeout(ask, timings.subscribeRetryMs);
    };
    const onMessage = (data: WebSocket.RawData) => {
      switch (readFrame(data.toString()).frame) {
        case "subscribed":
          return settle();
        case "not-subscribed":
          return onRefusal();
        case "trouble":
          return settle("edge-trouble");
      }
    };
    const onClose = () => settle("unavailable");
    const onAbort = () => settle("stopped");
    socket.on("message", onMessage).on("close", onClose);
    signal.addEventListener("abort", onAbort);
    ask();
  });
}

/** Frames are kept as bytes, and said to be text. */
export const text = { binary: false } as const;

const ignore = () => {};
