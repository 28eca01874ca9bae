import { type ConnectionOptions, createSecureContext, type SecureContext } from "node:tls";
import WebSocket from "ws";
import { Setback } from "./reasons.ts";
import { protocol } from "./timings.ts";

// A URL carries a token, so it goes encrypted or stays on this machine: wss:// or the loopback, as
// in chatjs's own check.
const allowed = /^(wss:\/\/|ws:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/;

/** Begins to open a socket. Throws a `Setback` for a URL that must not be opened. */
export type Dial = (url: string) => WebSocket;

/**
 * Opens sockets that weigh as little as they can.
 *
 * Compression costs a quarter of a megabyte a socket once used; a secure context of its own costs a
 * third of what a TLS socket weighs, so all share one.
 */
export function dialler(): Dial {
  let secureContext: SecureContext | undefined;
  return (url) => {
    if (!allowed.test(url)) throw new Setback("url-not-allowed");
    secureContext ??= createSecureContext();
    const options: WebSocket.ClientOptions & ConnectionOptions & { readonly closeTimeout: number } =
      {
        perMessageDeflate: false,
        handshakeTimeout: protocol.dialMs,
        closeTimeout: 2_000,
        // Connect's items are at most 16 KB of text; a frame of megabytes is no chat.
        maxPayload: 1024 * 1024,
        secureContext,
      };
    return new WebSocket(url, options);
  };
}
